import { readdirSync, readFileSync } from "node:fs";
import { type Diagnostic, loadStacks } from "@reconcile/core";
import { expect, test } from "vitest";
import { validate } from "../validation.ts";

// One slip at a time in the templates of this folder that have no errors: it is found, where it is, and once.
const folder = new URL(".", import.meta.url);

/** What a template has, what it becomes, and what has to be said of it. */
interface Mistake {
  /** Finds what is changed: the whole match, or what its group `it` holds. */
  site: RegExp;
  change(text: string): string;
  codes: RegExp;
  /** Where it is said, from the start of what is changed; undefined: somewhere. */
  offset?: number;
  severity?: "warning" | "note";
  /** The remedy names what stood there. */
  names?: true;
}

const drop = (text: string) => text.slice(0, Math.ceil(text.length / 2)) + text.slice(Math.ceil(text.length / 2) + 1);

const mistakes: Readonly<Record<string, Mistake>> = {
  "a misspelt type": {
    site: /^ +Type: (?<it>AWS::\w+::\w{5,})$/gm,
    change: drop,
    codes: /^type\.unknown$/,
    offset: 0,
    names: true,
  },
  "a misspelt property": {
    site: /^ {6}(?<it>(?!ResourceSignal|AutoScaling)[A-Z]\w{5,})(?=:)/gm,
    change: drop,
    codes: /^property\.unknown$/,
    offset: 0,
    names: true,
  },
  "a misspelt property, deeper": {
    site: /^ {8}(?<it>VpcSecurityGroups|CidrIp|FromPort|IpProtocol|AttributeName|ContainerPort|Image|Essential)(?=:)/gm,
    change: drop,
    codes: /^property\.unknown$/,
    offset: 0,
    names: true,
  },
  "a misspelt section": {
    site: /^(?<it>Parameters|Resources|Outputs|Conditions|Mappings)(?=:)/gm,
    change: drop,
    codes: /^section\.unknown$/,
    offset: 0,
    names: true,
  },
  "a misspelt attribute of a resource": {
    site: /^ {4}(?<it>Type|Properties|DependsOn|Condition|DeletionPolicy)(?=:)/gm,
    change: drop,
    codes: /^(?:resource|parameter)\.unknown/,
    offset: 0,
    names: true,
  },
  "a misspelt reference": {
    site: /!Ref (?<it>[A-Z]\w{5,})/g,
    change: drop,
    codes: /^ref\.undefined$/,
    offset: 0,
    names: true,
  },
  "a misspelt attribute": {
    site: /!GetAtt (?!Custom)\w+\.(?<it>\w{4,})/g,
    change: drop,
    codes: /^getatt\./,
    names: true,
  },
  "a misspelt function": {
    site: /(?<it>!(?:GetAtt|Sub|Join|FindInMap|Select|ImportValue))/g,
    change: drop,
    codes: /^yaml\.tag$/,
    offset: 0,
    names: true,
  },
  "a misspelt condition": {
    site: /^ {4}Condition: (?<it>\w{5,})$/gm,
    change: drop,
    codes: /^condition\.undefined$/,
    offset: 0,
    names: true,
  },
  "a misspelt dependency": {
    site: /^ {4}DependsOn: (?<it>\w{5,})$/gm,
    change: drop,
    codes: /^depends-on\.undefined$/,
    offset: 0,
    names: true,
  },
  "a misspelt policy": {
    site: /^ {4}(?:Deletion|UpdateReplace)Policy: (?<it>\w+)$/gm,
    change: drop,
    codes: /^resource\.deletion-policy$/,
    offset: 0,
    names: true,
  },
  "a number that is none": {
    site: /^ {6,}(?:FromPort|ToPort|Port|Timeout|MemorySize): (?<it>\d+)$/gm,
    change: () => "many",
    codes: /^property\.type$/,
    offset: 0,
  },
  "a range that is none": {
    site: /Cidr\w*: (?<it>"?[\d.]+\/\d+"?)$/gm,
    change: (text) => text.replace(/\/\d+/, "/64"),
    codes: /^(?:property|network)\./,
    offset: 0,
  },
  "a list for a text": {
    site: /^ {6}(?<key>\w*Name|Description): (?<it>[\w-]+)$/gm,
    change: (text) => `[${text}]`,
    codes: /^property\.type$/,
    offset: 0,
  },
  "a key without its colon": { site: /^ {6}\w+(?<it>:) [\w-]+$/gm, change: () => "", codes: /^yaml\.syntax$/ },
  "a tab": { site: /^(?<it> {6})(?=\w+: )/gm, change: () => "\t", codes: /^yaml\.tab$/, offset: 0 },
  "a bracket without its end": {
    site: /^ {6,}\w+: \[[^[\]{}"']*(?<it>\])$/gm,
    change: () => "",
    codes: /^yaml\.syntax$/,
  },
  "a key twice": {
    site: /^ {4}Type: AWS::\w+::\w+\n(?<it>)(?= {4}\w)/gm,
    change: () => "    Type: AWS::SNS::Topic\n",
    codes: /^yaml\.duplicate-key$/,
    offset: 4,
  },
  "a parameter that nothing uses": {
    site: /^Parameters:\n(?<it>)/gm,
    change: () => "  NothingUsesThis: { Type: String, Default: a }\n",
    codes: /^unused\.parameter$/,
    offset: 2,
    severity: "note",
  },
  "an output that is a list": {
    site: /^ {4}Value: (?<it>!(?:Ref|GetAtt) \S+)$/gm,
    change: (text) => `[${text}]`,
    codes: /^output\.form$/,
    offset: 0,
  },
};

const said = new Map<string, Promise<readonly Diagnostic[]>>();

async function check(text: string): Promise<readonly Diagnostic[]> {
  const path = "template.yaml";
  const tree = {
    label: "memory",
    read: async (asked: string) => (asked === path ? { path, text } : undefined),
    list: async () => undefined,
    folders: async () => [],
  };
  return validate(await loadStacks({ tree, paths: [path] }), {}, "files");
}

function before(text: string): Promise<readonly Diagnostic[]> {
  const known = said.get(text) ?? check(text);
  said.set(text, known);
  return known;
}

const texts = readdirSync(folder)
  .filter((name) => /\.ya?ml$/.test(name) && name !== "slips.yaml")
  .map((name) => readFileSync(new URL(name, folder), "utf8"))
  .filter((text) => !text.includes("Transform:"));

const mostTemplates = 5;

/** Each template has it changed in one place, a different one in each. */
function* changed({ site, change }: Mistake) {
  const having = texts.filter((text) => text.search(site) >= 0).slice(-mostTemplates);
  for (const [index, text] of having.entries()) {
    const sites = [...text.matchAll(new RegExp(site, `${site.flags}d`))];
    const found = sites[(index * 7) % sites.length];
    const [start, end] = found?.indices?.groups?.it ?? [];
    if (start === undefined || end === undefined) continue;
    const was = text.slice(start, end);
    yield { text, was, start, after: text.slice(0, start) + change(was) + text.slice(end) };
  }
}

const identity = ({ code, message }: Diagnostic) => `${code} ${message.replace(/\d+/g, "0")}`;

async function newIn(text: string, after: string): Promise<readonly Diagnostic[]> {
  const known = (await before(text)).map(identity);
  return (await check(after)).filter((each) => {
    const index = known.indexOf(identity(each));
    if (index >= 0) known.splice(index, 1);
    return index < 0;
  });
}

test.each(Object.entries(mistakes))("%s is found where it is, and told once", async (_, mistake) => {
  const found: unknown[] = [];
  const expected: unknown[] = [];
  for (const { text, was, start, after } of changed(mistake)) {
    const fresh = await newIn(text, after);
    const [first] = fresh;
    const lines = after.slice(0, start + (mistake.offset ?? 0)).split("\n");
    const line = lines.length;
    const column = mistake.offset === undefined ? first?.place?.column : (lines.at(-1) ?? "").length + 1;
    expected.push({
      codes: [expect.stringMatching(mistake.codes)],
      severity: mistake.severity ?? "error",
      line,
      column,
    });
    found.push({
      codes: fresh.map(({ code }) => code),
      severity: first?.severity,
      line: first?.place?.line,
      column: first?.place?.column,
    });
    if (mistake.names) expect(first?.remedy).toContain(was);
  }
  expect(found.length).toBeGreaterThan(0);
  expect(found).toEqual(expected);
});
