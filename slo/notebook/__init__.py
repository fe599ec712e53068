"""What ``%load_ext slo`` gives a notebook: mistakes as one clear box, lists as tables, completion.

``extension`` hangs them into IPython and takes them out again.
"""
