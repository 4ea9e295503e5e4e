import { describe, expect, it } from "vitest";
import { type Explanation, explain, isUnknownName } from "./explain.ts";
import { explanationPage } from "./explain-markdown.ts";
import { renderExplanation } from "./explain-text.ts";
import { registry, specification } from "./fixture.ts";

const options = { registry, specification };

function explained(name: string): Explanation {
  const answer = explain(name, options);
  if (isUnknownName(answer)) throw new Error(answer.message);
  return answer;
}

/** As a terminal shows it. */
function text(name: string, width = 80): string {
  return renderExplanation(explained(name), { color: false, width });
}

describe("a type", () => {
  it("is shown with its properties, what it returns, and what its provider does", () => {
    expect(text("AWS::Shop::Store").split("\n")).toEqual([
      "AWS::Shop::Store",
      "",
      "  Makes a shop, which sells things.",
      "",
      "  See the guide.",
      "",
      "  Notes are paragraphs.",
      "",
      "  Reconcile has a provider for it.",
      "",
      "Properties",
      "  City       text",
      "    required · a change may replace the resource",
      "  Area       a number                            undeclared: left to others",
      "  Baskets    a list",
      "  Cat        true or false",
      "  Days       a list of texts",
      "  Doors      a whole number                      undeclared: 1, 2",
      "  Fax        text                                deprecated",
      "  Floors     a whole number                      undeclared: not there",
      "  Garage     an object                           not supported",
      "  Kind       text                                default corner",
      "  Labels     names with texts",
      "  Lease      text or an object",
      "  Notes      an object or a list, or its JSON text",
      "  Open       true or false",
      "  Owner      text                                a change replaces the resource",
      "  Plan       JSON                                not supported",
      "  Rules      an object, or its JSON text",
      "  SafeCode   text                                never shown · never read back",
      "  Shelves    a list of objects                   default []",
      "    What stands | in it, row by row.",
      "  Signs      a list of objects or text           not supported",
      "  StoreName  text",
      "    a change replaces the resource · made when not declared",
      "    The name.",
      "  Tags       a list of objects                   compared key by key",
      "",
      "Returned",
      "  Ref            Id",
      "  Id",
      "  Mood",
      "  Queue          How many wait.",
      "  Till.Number",
      "  Not supported  AWS has Till.Number, Reconcile does not yet",
      "",
      "Provider",
      "  Lives in     a region",
      "  Children     AWS::Shop::Shelf, elements of Shelves: those that nobody declares",
      "               are removed",
      "  Holds data   deleting it needs --allow-delete, unless AWS says that it is",
      "               empty",
      "  Reads with   shop:DescribeStores",
      "  Writes with  shop:CreateStore, shop:DeleteStore",
      "  Differs      /Kind: AWS says that it is required",
    ]);
  });

  it("tells where its resources belong, and that they hold data", () => {
    const page = text("AWS::Shop::Shelf");

    expect(page).toContain("Ref  Store|Label");
    expect(page).toContain("Lives in     the account, in every region");
    expect(page).toContain("Belongs to   AWS::Shop::Store, named by Store");
    expect(page).toContain("Holds data   deleting it needs --allow-delete\n");
  });

  it.each([
    { type: "AWS::Shop::Supplier", says: "AWS has it, and Reconcile does not support it yet." },
    { type: "AWS::CloudFormation::WaitCondition", says: "A feature of CloudFormation's service" },
  ])("without a provider is no more than what AWS says: $type", ({ type, says }) => {
    for (const page of [text(type), explanationPage(explained(type))]) {
      expect(page).toContain(says);
      expect(page).toContain("AWS does not say");
      expect(page).not.toContain("Provider");
    }
  });

  it("is cut to a narrow terminal", () => {
    const tooLong = text("AWS::Shop::Store", 40)
      .split("\n")
      .filter((line) => line.length > 40);

    // A property and its type stay on one line.
    expect(tooLong).toEqual(["  Notes      an object or a list, or its JSON text"]);
  });
});

describe("a property", () => {
  const inPlace = "A change updates the resource in place";
  const computed = "Undeclared AWS decides: whatever is there is left alone; to take a declared one away is refused";

  it.each<[name: string, facts: readonly string[]]>([
    [
      "StoreName",
      [
        "Type text",
        "Required no",
        "Undeclared a name is made for it, of at most 40 characters",
        "A change replaces the resource",
      ],
    ],
    ["City", ["Type text", "Required yes", "A change may replace the resource"]],
    [
      "Kind",
      [
        "Type text",
        "Allowed corner, market",
        "Required no",
        "Undeclared corner, AWS's default: a live value that differs is a change",
        inPlace,
      ],
    ],
    ["Floors", ["Type a whole number", "Required no", "Undeclared not there: a live value is a change", inPlace]],
    [
      "Doors",
      [
        "Type a whole number",
        "Allowed 1, 2",
        "Required no",
        "Undeclared 1, 2: the default depends on date, account or region, and none of these is a change; to take a declared one away is refused",
        inPlace,
      ],
    ],
    [
      "Area",
      [
        "Type a number",
        "Required no",
        "Undeclared left alone and noted, because AWS or another resource also writes it",
        inPlace,
      ],
    ],
    ["Open", ["Type true or false", "Required no", computed, inPlace]],
    ["Plan", ["Type JSON", "Required no", inPlace, "Supported not yet: it is drawn by hand"]],
    ["Garage.Gate", ["Type text", "Required no", inPlace, "Supported not yet: cars are not sold"]],
    ["Shelves.Boards", ["Type a list of objects", "Required no", inPlace, "Supported not yet: shelves come whole"]],
    ["Signs.Text", ["Type text", "Required no", inPlace, "Supported not yet"]],
    [
      "Rules",
      [
        "Type an object, or its JSON text",
        "Required no",
        computed,
        inPlace,
        "Compared as IAM reads a policy, not as text",
      ],
    ],
    [
      "Notes",
      [
        "Type an object or a list, or its JSON text",
        "Required no",
        computed,
        inPlace,
        "Compared by value, not as text",
      ],
    ],
    [
      "Owner",
      ["Type text", "Required no", computed, "A change replaces the resource", "Refers to AWS::Shop::Person.Name"],
    ],
    [
      "Shelves",
      [
        "Type a list of objects",
        "Required no",
        "Undeclared [], AWS's default: a live value that differs is a change",
        inPlace,
        "Compared element by element, by Label",
        "On their own an element can also be declared as AWS::Shop::Shelf",
      ],
    ],
    ["Shelves[0].Label", ["Type text", "Required yes", inPlace]],
    [
      "Labels",
      [
        "Type names with texts",
        "Required no",
        "Undeclared {}, AWS's default: a live value that differs is a change",
        inPlace,
      ],
    ],
    [
      "Days",
      [
        "Type a list of texts",
        "Allowed saturday, sunday",
        "Required no",
        computed,
        inPlace,
        "Compared without regard to order",
      ],
    ],
    ["Lease", ["Type text or an object", "Required no", "Undeclared the defaults of its own properties", inPlace]],
    ["Fax", ["Type text", "Required no", computed, inPlace, "Deprecated AWS says so"]],
    [
      "SafeCode",
      [
        "Type text",
        "Required no",
        computed,
        inPlace,
        "Secret its value is never shown",
        "Read back never: it is sent, and not compared",
      ],
    ],
    [
      "Tags",
      [
        "Type a list of objects",
        "Required no",
        "Undeclared only Reconcile's own tags; foreign ones are left and noted",
        inPlace,
        "Compared key by key",
      ],
    ],
    ["Baskets.Colour", ["Type text", "Required yes", inPlace]],
  ])("%s", (name, facts) => {
    const answer = explained(`AWS::Shop::Store.${name}`);
    const blocks = renderExplanation(answer, { color: false, width: 300 }).split("\n\n");
    const rows = blocks.find((block) => block.startsWith("  Type "))?.split("\n");

    expect(rows?.map((line) => line.trim().replace(/ {2,}/, " "))).toEqual(facts);
    // The same facts stand in a table.
    const page = explanationPage(answer).replaceAll(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
    for (const fact of facts) expect(page.replaceAll("\u200B", "").replaceAll(" | ", " ")).toContain(fact);
  });

  it("of a type without a provider has AWS's own default and nothing of how it is compared", () => {
    expect(text("AWS::Shop::Supplier.Minimum", 100).split("\n").slice(4)).toEqual([
      "  Type        a whole number",
      "  Required    no",
      "  Undeclared  10, AWS's default",
      "  A change    updates the resource in place",
      "  Supported   AWS has it, and Reconcile does not support it yet.",
    ]);
  });

  it.each(["Shelves.Label", "Shelves[0].Label", "Shelves/0/Label", "Shelves.*.Label"])(
    "is found by any way of writing its place: %s",
    (path) => {
      expect(explained(`AWS::Shop::Store.${path}`)).toMatchObject({
        kind: "property",
        property: { path: "/Shelves/*/Label", documentation: "What the shelf holds." },
      });
    },
  );

  it.each([
    { name: "AWS::Shop::Store.Shelves", below: ["Label", "Boards"] },
    { name: "AWS::Shop::Store.Signs", below: ["Text"] },
    { name: "AWS::Shop::Store.Lease", below: ["Years"] },
    { name: "AWS::Shop::Store.Baskets", below: ["Colour"] },
    { name: "AWS::Shop::Supplier.Routes", below: ["Road"] },
    { name: "AWS::Shop::Supplier.Notes", below: [] },
  ])("shows what its elements have: $name", ({ name, below }) => {
    const { properties } = explained(name) as Extract<Explanation, { kind: "property" }>;

    expect(properties.map((each) => each.name)).toEqual(below);
  });

  it.each([
    { name: "AWS::Shop::Supplier.Routes", type: "names with lists of objects" },
    { name: "AWS::Shop::Supplier.Notes", type: "a list of texts or true or false" },
    { name: "AWS::Shop::Supplier.Grids", type: "a list of lists of whole numbers" },
    { name: "AWS::Shop::Supplier.Prices", type: "a list of names with numbers" },
    { name: "AWS::Shop::Supplier.Papers", type: "a list of JSON" },
    { name: "AWS::Shop::Store.Baskets", type: "a list" },
  ])("has its type in words: $name is $type", ({ name, type }) => {
    expect(explained(name)).toMatchObject({ property: { type } });
  });
});

describe("an attribute", () => {
  it("is shown as templates refer to it", () => {
    expect(text("AWS::Shop::Store.Queue").split("\n")).toEqual([
      "AWS::Shop::Store.Queue",
      "",
      "  How many wait. It changes.",
      "",
      "  Attribute  !GetAtt LogicalId.Queue",
    ]);
  });

  it("that the provider does not have is said to be missing, in every form", () => {
    const answer = explained("AWS::Shop::Store.Till.Number");

    expect(answer).toMatchObject({ kind: "attribute", attribute: { supported: false } });
    for (const page of [text("AWS::Shop::Store.Till.Number"), explanationPage(answer)])
      expect(page).toContain("AWS has Till.Number, Reconcile does not yet");
    expect(explanationPage(explained("AWS::Shop::Store"))).toContain("Not supported | AWS has Till.Number");
  });

  it("of a type without a provider is neither supported nor not", () => {
    expect(explained("AWS::Shop::Supplier.Rating")).toEqual({
      kind: "attribute",
      type: "AWS::Shop::Supplier",
      support: "not-yet",
      attribute: { name: "Rating" },
    });
  });
});

describe("as a page of Markdown", () => {
  it("AWS's own text stays Markdown", () => {
    expect(explanationPage(explained("AWS::Shop::Store"))).toContain(
      "# AWS::Shop::Store\n\nMakes a **shop**, which sells *things*.\n\nSee [the guide](https://example.com/guide).",
    );
  });

  it("what stands in a table cannot break out of it", () => {
    const row = /^\| `Shelves` .*$/m.exec(explanationPage(explained("AWS::Shop::Store")))?.[0];

    expect(row).toBe("| `Shelves` | a list of objects | default &#91;&#93; | What stands &#124; in it, row by row. |");
  });
});

describe("a name that does not exist", () => {
  it.each([
    {
      name: "AWS::Shop::Stor",
      message: 'There is no resource type "AWS::Shop::Stor".',
      remedy: "did you mean AWS::Shop::Store?",
    },
    {
      name: "AWS::Shop::Shelv",
      message: 'There is no resource type "AWS::Shop::Shelv".',
      remedy: 'Did you mean "AWS::Shop::Shelf"?',
    },
    { name: "", message: 'There is no resource type "".', remedy: "name it as in AWS::EC2::SecurityGroup" },
    { name: "__proto__", message: 'no resource type "__proto__"', remedy: "name it as in AWS::EC2::SecurityGroup" },
    {
      name: "AWS::Shop::Store.StorName",
      message: 'AWS::Shop::Store has no property or attribute "StorName".',
      remedy: 'Did you mean "StoreName"?',
    },
    {
      name: "AWS::Shop::Shelf.Colour",
      message: 'AWS::Shop::Shelf has no property "Colour".',
      remedy: "it has Store, Label",
    },
    {
      name: "AWS::Shop::Store.Shelves.Lable",
      message: 'AWS::Shop::Store.Shelves has no property "Lable".',
      remedy: 'Did you mean "Label"?',
    },
    {
      name: "AWS::Shop::Store.City.Mayor",
      message: 'AWS::Shop::Store.City has no property "Mayor".',
      remedy: "AWS::Shop::Store.City has no properties of its own",
    },
    { name: "AWS::Shop::Store.constructor", message: '"constructor"', remedy: "it has StoreName, City" },
  ])("$name", ({ name, message, remedy }) => {
    const answer = explain(name, options);

    expect(answer).toEqual({ message: expect.stringContaining(message), remedy: expect.stringContaining(remedy) });
  });
});
