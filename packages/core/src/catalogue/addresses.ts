import type { Family } from "./model.ts";

export const addresses: Family = {
  title: "Addresses",
  about: "Told by allow-ip and revoke-ip, which edit a template and nothing else.",
  entries: {
    "address.edited": {
      says: "A rule was changed by hand.",
      why: "allow-ip writes over a rule of its own only where it is as it was written: what somebody added would be lost.",
      mend: "Change it in the template, or choose another label.",
    },
    "address.group": {
      says: "It is not clear which security group is meant.",
      why: "Without --group a rule is written for the only group of the template.",
      mend: "Name one of the groups of the stack with --group, or another stack with --stack.",
    },
    "address.in-group": {
      says: "The rule stands in its group.",
      why: "Only rules that are resources of their own are taken out line by line.",
      mend: "Take it out of the group's SecurityGroupIngress by hand.",
    },
    "address.not-allowed": {
      says: "There is no rule to revoke.",
      why: "No rule of the stack has this address, label, group and port.",
      mend: "reconcile list-ips shows those that there are.",
    },
    "address.taken": {
      says: "The logical id of the rule is something else's.",
      why: "It is made of the label and the port, so that the same label is changed and not written twice.",
      mend: "Choose another label.",
    },
    "address.template": {
      says: "A template cannot be edited line by line.",
      why: "It is written as JSON, or its resources in brackets: to change it would be to write all of it anew. Or a loop or a nested template makes the rule that is to go.",
      mend: "Write or take out the rule by hand, or write the resources as YAML with a line for each.",
    },
    "address.unknown": {
      says: "The address of this machine is not known.",
      why: "Without an address, AWS is asked with which one the machine is seen from outside; it did not answer.",
      mend: "Give the address: reconcile allow-ip 203.0.113.10.",
    },
  },
};
