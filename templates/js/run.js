// Run mode, loaded on first use: a page's steps become a checklist with state, on a page that is otherwise plain.
import words from "opsbook:words";
import { app } from "./run/app.js";

globalThis.opsbook.run = app(globalThis.opsbook, words);
