const embedded = /\]\((data:image\/[a-z+]+;base64,[A-Za-z0-9+/=]+)/g;

/** A text with a short name in place of each picture in it, and what the names stand for. */
interface Emptied {
  readonly text: string;
  readonly pictures: ReadonlyMap<string, string>;
}

/**
 * Takes the pictures out that are written into a text as `data:`: they are as long as files, and the time that Markdown
 * takes to be read grows with its length.
 */
export function takeOutImages(text: string): Emptied {
  const pictures = new Map<string, string>();
  const emptied = text.replace(embedded, (_, address: string) => {
    const name = `embedded-${pictures.size}.picture`;
    pictures.set(name, address);
    return `](${name}`;
  });
  return { text: emptied, pictures };
}
