"""Check work systems from where they are used: DNS, TCP, TLS, HTTP and RFC 3161, each phase timed apart.

``addresses``, ``certificate``, ``course``, ``der``, ``http``, ``judge``, ``spending``, ``timestamp`` and ``verdict``
are pure; ``stream`` and ``ask`` ask one host one thing within strict bounds, ``watch`` puts them together. Nobody is
asked whom the signed policy does not name, nothing is followed, and nothing that says who asks is ever sent.
"""
