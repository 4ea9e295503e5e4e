import { readFileSync } from "node:fs";
import { BaseSequencer } from "vitest/node";

/**
 * What takes longest comes first, so that nothing long is left alone at the end: by how a file tests, not by how long it took the last time, which may have been a part
 * of it. Files of a project stay together, because they share processes.
 */
export class LongestFirst extends BaseSequencer {
  async sort(files) {
    const projects = files[0]?.project.vitest.projects.map((project) => project.name) ?? [];
    const weighed = files.map((file) => ({ file, project: projects.indexOf(file.project.name), weight: weigh(file) }));
    return weighed.sort((a, b) => a.project - b.project || b.weight - a.weight).map(({ file }) => file);
  }
}

function weigh({ moduleId }) {
  const text = readFileSync(moduleId, "utf8");
  const journeys = /describeOnSandbox|reconcileSystem/.test(text) ? 1_000_000 : 0;
  return journeys + text.length;
}
