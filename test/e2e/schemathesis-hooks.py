"""What our documents cannot say about the body of POST /orders. See schemathesis.toml."""

import schemathesis
from schemathesis import GenerationMode

CUSTOMERS = ["alice", "bob", "dora"]
SKUS = ["tea", "mug", "kettle"]


@schemathesis.hook.apply_to(method="POST", path="/orders")
def before_call(context, case, kwargs):
    """
    Changes bodies that fit. Of names made up at random nobody is a customer: half of them become
    those who are. And each product stands in one line only, which no JSON Schema can say.
    """
    if case.meta is None or case.meta.generation.mode != GenerationMode.POSITIVE:
        return
    customer, lines = case.body["customerId"], case.body["lines"]
    who = CUSTOMERS[len(lines) % len(CUSTOMERS)] if len(customer) % 2 == 1 else customer
    known = SKUS + [f"sku-{n}" for n in range(len(SKUS), len(lines))]
    case.body = {
        "customerId": who,
        "lines": [{**line, "sku": sku} for line, sku in zip(lines, known)],
    }
