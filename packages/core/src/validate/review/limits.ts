import { pointer } from "../../pointer.ts";
import type { Review, Reviewed } from "./model.ts";

export const groupSize: Review = {
  id: "scaling.sizes",
  severity: "error",
  title: "The sizes of an Auto Scaling group contradict each other",
  about: "MinSize is greater than MaxSize, or DesiredCapacity is not between the two. Auto Scaling refuses the group.",
  remedy: "Make MinSize ≤ DesiredCapacity ≤ MaxSize.",
  resource: {
    types: ["AWS::AutoScaling::AutoScalingGroup"],
    look({ properties }) {
      const [min, max, desired] = [properties.MinSize, properties.MaxSize, properties.DesiredCapacity].map(numberOf);
      if (min !== undefined && max !== undefined && min > max)
        return [{ at: "/MinSize", message: `MinSize (${min}) is greater than MaxSize (${max}).` }];
      if (desired === undefined || (desired >= (min ?? desired) && desired <= (max ?? desired))) return [];
      return [{ at: "/DesiredCapacity", message: `DesiredCapacity (${desired}) is not between MinSize and MaxSize.` }];
    },
  },
};

function numberOf(value: unknown): number | undefined {
  const number = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof number === "number" && !Number.isNaN(number) ? number : undefined;
}

/** With which AWS makes no function any more. */
const oldRuntimes =
  /^(nodejs(4\.3|4\.3-edge|6\.10|8\.10|10\.x|12\.x|14\.x|16\.x|18\.x|20\.x)?|python(2\.7|3\.6|3\.7|3\.8|3\.9)|ruby(2\.5|2\.7|3\.2)|java8|go1\.x|dotnetcore(1\.0|2\.0|2\.1|3\.1)|dotnet[567]|provided)$/;

export const oldRuntime: Review = {
  id: "lambda.old-runtime",
  severity: "warning",
  title: "A function's runtime is not maintained any more",
  about:
    "The runtime gets no security updates, and after a while Lambda makes and changes no functions with it: a template that worked for years then fails.",
  remedy: "Use the current version of the runtime; Lambda's documentation lists them.",
  resource: {
    types: ["AWS::Lambda::Function"],
    look: ({ properties: { Runtime } }: Reviewed) =>
      typeof Runtime === "string" && oldRuntimes.test(Runtime)
        ? [{ at: pointer("Runtime"), message: `Lambda does not maintain the runtime ${Runtime} any more.` }]
        : [],
  },
};
