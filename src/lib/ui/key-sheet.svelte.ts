/** Whether the sheet of keys is open. */
class KeySheetState {
  open = $state(false);
}

export const keySheet = new KeySheetState();
