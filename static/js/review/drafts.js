// What was written and not sent yet, by what it was written to. It outlives a reload of this tab. Pure: the storage is
// given, and where it is full or switched off a draft still lasts as long as the page.

export class Drafts {
  #kept = new Map();

  // storage() gives a Storage, or throws as browsers do
  constructor(storage, applyId) {
    this.storage = storage;
    this.prefix = `applyweb.draft.${applyId}.`;
  }

  get(target) {
    return this.#kept.get(target) ?? this.#with((storage) => storage.getItem(this.prefix + target)) ?? "";
  }

  set(target, text) {
    if (!text.trim()) {
      this.drop(target);
      return;
    }
    this.#kept.set(target, text);
    this.#with((storage) => storage.setItem(this.prefix + target, text));
  }

  drop(target) {
    this.#kept.delete(target);
    this.#with((storage) => storage.removeItem(this.prefix + target));
  }

  #with(work) {
    try {
      return work(this.storage());
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      return null;
    }
  }
}
