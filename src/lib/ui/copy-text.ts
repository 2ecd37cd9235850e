/**
 * Puts text on the clipboard, also on a page that comes over plain http from another machine, to which a browser gives no
 * clipboard but the copying of what is selected.
 * @throws Error where the browser refuses.
 */
export async function copyText(text: string): Promise<void> {
  const { clipboard }: { readonly clipboard?: Clipboard } = navigator;
  if (clipboard !== undefined) return clipboard.writeText(text);
  const carrier = document.createElement('textarea');
  carrier.value = text;
  carrier.style.position = 'fixed';
  carrier.style.opacity = '0';
  document.body.append(carrier);
  carrier.select();
  const isDone = document.execCommand('copy');
  carrier.remove();
  if (!isDone) throw new Error('This browser does not let the page copy; select the text and copy it by hand');
}
