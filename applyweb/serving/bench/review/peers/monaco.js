// Monaco's diff editor: read only, unchanged parts hidden, as the review page folds them.
import * as monaco from "monaco-editor";
import { begin } from "./begin.js";

globalThis.MonacoEnvironment = { getWorker: () => new Worker("/monaco.worker.js") };

begin((place, { original, merged }) => {
  const editor = monaco.editor.createDiffEditor(place, {
    automaticLayout: true,
    readOnly: true,
    renderSideBySide: true,
    hideUnchangedRegions: { enabled: true, contextLineCount: 3, minimumLineCount: 6 },
  });
  editor.setModel({
    original: monaco.editor.createModel(original, "python"),
    modified: monaco.editor.createModel(merged, "python"),
  });
  return () => {
    editor.goToDiff("next");
    editor.getModifiedEditor().focus();
  };
});
