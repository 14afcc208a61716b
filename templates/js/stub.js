// Leads an old address to the new one, with its query and its fragment.
import { forward } from "./forward.js";

location.replace(forward(document.currentScript.dataset.to, location));
