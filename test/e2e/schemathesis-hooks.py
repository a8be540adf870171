"""Rules for the body of POST /orders that our documents cannot express. See schemathesis.toml."""

import schemathesis
from schemathesis import GenerationMode

CUSTOMERS = ["alice", "bob", "dora"]
SKUS = ["tea", "mug", "kettle"]


@schemathesis.hook.apply_to(method="POST", path="/orders")
def before_call(context, case, kwargs):
    """
    Changes valid bodies. Random names are never customers, so half of them become known customers.
    Each product may be in one line only, which a JSON Schema cannot express.
    """
    if case.meta is None or case.meta.generation.mode != GenerationMode.POSITIVE:
        return
    customer, lines = case.body["customerId"], case.body["lines"]
    name = CUSTOMERS[len(lines) % len(CUSTOMERS)] if len(customer) % 2 == 1 else customer
    known = SKUS + [f"sku-{n}" for n in range(len(SKUS), len(lines))]
    case.body = {
        "customerId": name,
        "lines": [{**line, "sku": sku} for line, sku in zip(lines, known)],
    }
