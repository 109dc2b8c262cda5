// What scripts add to the pages: keys, copying, the list of keys, live updates. Every page works without them.
import { chips } from "./chips.js";
import { copying } from "./copy.js";
import { editing } from "./edit.js";
import { help } from "./help.js";
import { listen } from "./keys.js";
import { stepping } from "./steps.js";
import { streaming } from "./stream.js";
import { undoing } from "./undo.js";

document.documentElement.classList.add("scripts");
listen();
copying();
help();
stepping();
chips();
editing();
streaming();
undoing();
