// What scripts add to the pages: keys, copying, the dialog of keys. Every page works without them.
import { listen } from "./keys.js";
import { copying } from "./copy.js";
import { help } from "./help.js";

document.documentElement.classList.add("scripts");
listen();
copying();
help();
