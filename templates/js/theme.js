// Sets the chosen colour scheme before the first paint. The only script that blocks.
import { chosen } from "./scheme.js";

const scheme = chosen();
if (scheme) document.documentElement.dataset.theme = scheme;
