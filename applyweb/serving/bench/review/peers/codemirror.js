// CodeMirror's merge view: read only, unchanged parts collapsed, as the review page folds them.
import { python } from "@codemirror/lang-python";
import { MergeView, goToNextChunk } from "@codemirror/merge";
import { EditorState } from "@codemirror/state";
import { EditorView, basicSetup } from "codemirror";
import { begin } from "./begin.js";

begin((place, { original, merged }) => {
  const extensions = [basicSetup, python(), EditorState.readOnly.of(true), EditorView.lineWrapping];
  const view = new MergeView({
    a: { doc: original, extensions },
    b: { doc: merged, extensions },
    parent: place,
    collapseUnchanged: { margin: 3, minSize: 6 },
  });
  view.dom.style.height = "100%";
  return () => {
    goToNextChunk(view.b);
    view.b.focus();
  };
});
