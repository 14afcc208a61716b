// Opens search from anywhere: the button, "/" and Ctrl/Cmd-K. The dialog itself is loaded the first time.

/**
 * Whether a key press asks for search.
 * @param {{key: string, ctrlKey: boolean, metaKey: boolean, altKey: boolean, isComposing: boolean}} event
 * @param {boolean} typing the reader is in a field
 */
export function asks(event, typing) {
  if (event.isComposing || event.altKey) return false;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") return true;
  return event.key === "/" && !event.ctrlKey && !event.metaKey && !typing;
}

/**
 * @param {() => Promise<{open: (query?: string) => void}>} load
 */
export function attach(load) {
  const open = async (query) => {
    try {
      (await load()).open(query);
      return true;
    } catch {
      return false;
    }
  };
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("a[data-search]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    if (!(await open())) location.href = link.href;
  });
  document.addEventListener("keydown", (event) => {
    const at = event.target;
    const typing = at.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(at.tagName ?? "");
    if (!asks(event, typing)) return;
    event.preventDefault();
    open();
  });
}
