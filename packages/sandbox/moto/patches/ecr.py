"""AWS::ECR::Repository."""

from . import paging


def apply():
    from moto.ecr.responses import ECRResponse

    paging.patch(
        ECRResponse,
        "describe_repositories",
        members=["repositories"],
        size="maxResults",
        token="nextToken",
        default=100,
        unless=["repositoryNames"],
    )
