// Where a page of the site lies. From a disk there is no server that opens a folder's index.html.

/**
 * The address of a page or file of the site.
 * @param {string} root leads to the site's root
 * @param {string} url site-relative and unescaped
 * @param {boolean} disk
 */
export function addressOf(root, url, disk = globalThis.location?.protocol === "file:") {
  const path = url.split("/").map(encodeURIComponent).join("/");
  return root + path + (disk && (url === "" || url.endsWith("/")) ? "index.html" : "");
}
