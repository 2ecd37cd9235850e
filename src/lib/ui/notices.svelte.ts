interface Notice {
  readonly id: number;
  readonly text: string;
  readonly tone: 'plain' | 'bad';
  readonly action?: { readonly label: string; run(): void };
}

/** Short messages at the foot of the page; one with an undo stays ten seconds, an error until it is closed. */
class NoticeList {
  #all = $state.raw<readonly Notice[]>([]);
  #nextId = 1;

  get all(): readonly Notice[] {
    return this.#all;
  }

  say(text: string, action?: Notice['action']): void {
    const id = this.#add({ text, tone: 'plain', action });
    setTimeout(() => this.close(id), action ? 10_000 : 4000);
  }

  fail(error: unknown): void {
    this.#add({ text: error instanceof Error ? error.message : String(error), tone: 'bad' });
  }

  close(id: number): void {
    this.#all = this.#all.filter((notice) => notice.id !== id);
  }

  #add(notice: Omit<Notice, 'id'>): number {
    const id = this.#nextId++;
    this.#all = [...this.#all.filter((other) => other.text !== notice.text).slice(-3), { ...notice, id }];
    return id;
  }
}

/** Only ever filled by what a person does in the browser, so one a tab. */
export const notices = new NoticeList();
