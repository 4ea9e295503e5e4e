"""Lists in pages. moto gives everything at once in these, which hides from a client that it does not ask for the rest."""


def patch(response_class, operation, members, size, token, default, more=None, unless=()):
    """
    members: the lists in the answer; a page is counted over all of them together.
    size, token: the names of the request's parameters. token is the answer's too, unless `more` is given: IsTruncated of IAM's lists.
    unless: parameters with ids, with which AWS gives no pages.
    """
    from moto.core.responses import ActionResult

    stock = getattr(response_class, operation)

    def run(self):
        answer = stock(self)
        if any(self._get_param(name) for name in unless):
            return answer
        result = dict(answer.result)
        found = [(member, each) for member in members for each in result.get(member) or []]
        start = int(self._get_param(token) or 0)
        end = start + int(self._get_param(size) or default)
        for member in members:
            result[member] = [each for name, each in found[start:end] if name == member]
        result[token] = str(end) if len(found) > end else None
        if more:
            result[more] = len(found) > end
        return ActionResult(result)

    setattr(response_class, operation, run)
