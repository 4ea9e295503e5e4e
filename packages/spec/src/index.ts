export type {
  AttributeFacts,
  CreateOnly,
  DefinitionFacts,
  IntegerType,
  ListType,
  MapType,
  ObjectType,
  PlainType,
  Properties,
  PropertyFacts,
  PropertyType,
  ReferenceFacts,
  ResourceFacts,
  StringType,
  TagFacts,
  UnionType,
} from "./facts.ts";
export { openSpecification, type ReadJson, type Specification } from "./specification.ts";
