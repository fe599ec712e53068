"""A small support agent with customers, to see the exporter live: ``python -m exporter.demo``.

It needs no network: the providers of language models are stand-ins that answer in the shape of the
real ones, with their latency and their failures. What is measured is written as the developers of
a real agent would write it: in ``models``, ``agent``, ``desk``, ``database`` and ``app``.
"""
