import type { Family } from "./model.ts";
import { above, parameter } from "./samples.ts";

/** A text in which each anchor stands for ten of the one before. */
function bomb(): string {
  const lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"];
  for (const [before, name] of ["ab", "bc", "cd", "de", "ef"].map((pair) => [...pair]))
    lines.push(`${name}: &${name} [${Array(10).fill(`*${before}`).join(", ")}]`);
  return lines.map((line) => `  ${line}`).join("\n");
}

export const files: Family = {
  title: "Files and YAML",
  about: "Told when a file is read, before anything of CloudFormation is looked at.",
  entries: {
    "file.denied": {
      says: "A file may not be read.",
      why: "The user of this run has no permission to read it. What is not read is not known, so nothing is planned from the rest.",
      mend: "Give the user the permission: chmod, or the ownership of a mounted folder.",
    },
    "file.encoding": {
      says: "A file is not UTF-8 text.",
      why: "Templates are read as UTF-8, with or without the mark that some editors put first. Guessing another encoding would change what a value says.",
      mend: "Save the file as UTF-8; iconv -f LATIN1 -t UTF-8 converts one.",
    },
    "file.outside": {
      says: "A path leads outside the repository.",
      why: "What is planned must follow from the commit alone. A path with too many `..`, or a link, to somewhere else would also let a template show files of the machine that it is planned on.",
      mend: "Move the file into the repository, and write its path from the repository's root or from the folder of the file that names it.",
      example: { "stack.yaml": "template-file-path: ../../elsewhere/template.yaml\n" },
    },
    "file.too-large": {
      says: "A file is larger than 3 MB.",
      why: "CloudFormation reads templates of one megabyte. What is four times as large is something else, and is not read into memory to find that out.",
      mend: "Check that the path is right; split a template that really is as large.",
    },
    "yaml.alias": {
      says: "An alias repeats a value that is not there.",
      why: "`*name` stands for the value that was marked `&name` before it. One that comes later, or that the alias itself is a part of, is no value.",
      mend: "Mark the value with `&name` above the alias, or write it out.",
      example: parameter("Value: *greeting"),
    },
    "yaml.aliases": {
      says: "Aliases stand for too many values.",
      why: "Aliases of values that hold aliases grow with every line: a file of a few hundred bytes can stand for billions of values.",
      mend: "Write the values out, or use a mapping or a loop of the template.",
      example: above("Metadata:", bomb()),
    },
    "yaml.depth": {
      says: "Values are nested too deep.",
      why: "More than 200 levels are in no template that a person or a tool writes. To read them anyway would cost the memory of the machine.",
      mend: "Look for the bracket or the indentation that was repeated by mistake.",
      example: above(`Metadata: { a: ${"[".repeat(201)}${"]".repeat(201)} }`),
    },
    "yaml.duplicate-key": {
      says: "A key stands twice in one map.",
      why: "Of two values only one can count. YAML forbids it; CloudFormation takes the last and passes over the others without a word.",
      mend: "Remove one of the two, or rename it. Two resources need two logical ids.",
      example: parameter("Value: hello", "Value: goodbye"),
    },
    "yaml.empty": {
      says: "A template has nothing in it.",
      why: "A stack file names it as its template, and there is no document in it: it is empty, or everything is a comment.",
      mend: "Write a section Resources with a resource, or take the stack file away.",
      example: {
        "stack.yaml": "template-file-path: templates/hello.yaml\n",
        "templates/hello.yaml": "# to be written\n",
      },
    },
    "yaml.key": {
      says: "A key is not plain text.",
      why: "YAML allows lists, maps and tagged values as keys; CloudFormation's names are texts.",
      mend: "Write the key as text, in quotes where it has special characters.",
      example: above("Metadata: { [a, b]: c }"),
    },
    "yaml.merge-key": {
      says: "A merge key (<<) is not part of CloudFormation's YAML.",
      why: "YAML 1.1 merges the map behind `<<` into the one around it. CloudFormation refuses it, so a template with one could not go back.",
      mend: "Write the merged keys out. An alias of a whole value is read.",
      example: above("Metadata:", "  a: &base { one: 1 }", "  b: { <<: *base }"),
    },
    "yaml.multiple-documents": {
      says: "A file holds more than one document.",
      why: "A line `---` starts another document. A template is one, and so is a stack file.",
      mend: "Remove the line, or move what follows into a file of its own.",
      example: `${parameter("Value: hello")}---\n${parameter("Value: goodbye")}`,
    },
    "yaml.size": {
      says: "A file has too many lines and elements.",
      why: "More than 150,000 are nearly twice as many as 5,000 resources have, and CloudFormation takes 500; more than 10,000 resources, or 2,000 parameters, mappings, conditions or outputs, are many times what it takes. To read them would take seconds and hundreds of megabytes.",
      mend: "Split the template: into stacks that import from one another, or into nested stacks.",
    },
    "yaml.syntax": {
      says: "The text is not YAML.",
      why: "A bracket or quote without an end, lines that are not aligned, a colon in the wrong place: what was meant cannot be told.",
      mend: "Correct the place that is marked; often it is the line above. Quote texts that hold `: ` or ` #`, or that begin with a special character.",
      example: parameter('Value: "hello'),
    },
    "yaml.tab": {
      says: "A tab is used for indentation.",
      why: "YAML is indented with spaces: how wide a tab is, every editor decides for itself.",
      mend: "Replace tabs by spaces, and set the editor to do so in YAML.",
      example: "Resources:\n\tExample:\n\t\tType: AWS::SSM::Parameter\n",
    },
    "yaml.tag": {
      says: "A tag is no function of CloudFormation.",
      why: "`!Name` is the short form of a function, and there are only CloudFormation's. Some functions have none, Fn::Length for one.",
      mend: "Correct the name, or write the long form.",
      example: parameter("Value: !Reff AWS::Region"),
    },
  },
};
