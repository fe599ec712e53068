"""Taking published reports to people: folders, object stores, mail, chats, marks in Grafana.

``parcel`` is what is taken, ``delivery`` to whom and by which way, and each way is a file.
``delivering`` takes it there at least once and writes down that it did (``record``); ``trying``
says what is tried again; ``beginnings`` from which week on a delivery gets reports.
"""
