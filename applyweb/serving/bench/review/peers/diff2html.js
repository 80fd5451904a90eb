// diff2html with its own defaults, side by side. It takes a patch, which the page has ready, as from a server.
import "diff2html/bundles/css/diff2html.min.css";
import { Diff2HtmlUI } from "diff2html/lib/ui/js/diff2html-ui-slim.js";
import { begin } from "./begin.js";

begin((place, { patch }) => {
  const ui = new Diff2HtmlUI(place, patch, { outputFormat: "side-by-side", drawFileList: false });
  ui.draw();
  return null; // it has no way to the next change
});
