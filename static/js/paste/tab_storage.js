// The storage of this tab. Must not know: what is kept in it.

// What `use` makes of it; null where it is switched off or full.
export function tabStorage(use) {
  try {
    return use(window.sessionStorage);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    return null;
  }
}
