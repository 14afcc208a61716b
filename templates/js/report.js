// Every step has its own way to say that something is wrong with it: a small flag behind its first words.

/**
 * The address at which a problem with one step is reported.
 * @param {string} template of the page, with the encoded words {{step}} and {{anchor}}
 * @param {string} step in words
 * @param {string} anchor
 * @returns {string}
 */
export function address(template, step, anchor) {
  const fill = (text, name, value) => text.replaceAll(encodeURIComponent(`{{${name}}}`), encodeURIComponent(value));
  return fill(fill(template, "step", step), "anchor", anchor);
}

/**
 * Gives every step of a page its flag.
 * @param {ParentNode} root
 * @param {Record<string, string>} words
 */
export function attach(root, words) {
  const template = root.querySelector("[data-step-problem]")?.dataset.stepProblem;
  if (!template) return;
  for (const step of root.querySelectorAll(".prose [data-step]")) {
    const flag = document.createElement("a");
    const name = words["step.number"].replace("%s", step.dataset.step);
    const sign = document.createElement("span");
    flag.className = "flag";
    flag.href = address(template, name, step.id);
    flag.title = words["step.problem"].replace("%s", name);
    flag.setAttribute("aria-label", flag.title);
    sign.className = "i i-flag";
    sign.setAttribute("aria-hidden", "true");
    flag.append(sign);
    put(step, flag);
  }
}

/** Behind the step's first words: a heading keeps its name to itself, a row its number. */
function put(step, flag) {
  if (/^H\d$/.test(step.tagName)) return step.after(flag);
  const box = step.tagName === "TR" ? step.lastElementChild : step;
  const block = [...box.children].find((c) => /^(P|OL|UL|PRE|FIGURE|TABLE|DIV|BLOCKQUOTE)$/.test(c.tagName));
  if (block?.tagName === "P") block.append(flag);
  else if (block) block.before(flag);
  else box.append(flag);
}
