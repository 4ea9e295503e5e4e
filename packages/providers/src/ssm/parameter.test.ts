import { describeOnSandbox } from "../testing/sandbox-world.ts";
import { Parameter } from "./parameter.ts";

describeOnSandbox(Parameter, {
  example: { Type: "String", Value: "one" },
  name: { Name: "/news/model" },
  mutations: [
    { property: "Value", from: "one", to: "two", unset: "required" },
    { property: "Description", from: "what it is", to: "what it was" },
    { property: "AllowedPattern", from: "[a-z]+", to: "[a-z]*" },
    { property: "Tier", to: "Advanced", unset: "replaces" },
    { property: "Tags", from: { Team: "core" }, to: { Team: "data", Cost: "1" } },
  ],
  replacements: { Type: "StringList" },
  budget: 6,
});
