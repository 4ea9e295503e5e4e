/** Actions that a type's policies have and its story does not call, by type: why. */
export const unseen: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "AWS::IAM::ManagedPolicy": {
    "iam:ListEntitiesForPolicy": "tells who still has a policy that IAM does not let go",
  },
};
