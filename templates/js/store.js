// What this browser remembers. Storage can be full, forbidden or absent (file://, private windows): then nothing is remembered.

/**
 * @param {string} key
 * @returns {unknown}
 */
export function read(key) {
  try {
    return JSON.parse(localStorage.getItem("opsbook." + key) ?? "null");
  } catch {
    return null;
  }
}

/**
 * @param {string} key
 * @param {unknown} value undefined forgets
 */
export function write(key, value) {
  try {
    if (value === undefined) localStorage.removeItem("opsbook." + key);
    else localStorage.setItem("opsbook." + key, JSON.stringify(value));
  } catch {
    // nothing is remembered
  }
}
