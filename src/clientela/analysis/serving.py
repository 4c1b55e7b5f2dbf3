"""Whether this process serves pages, and so keeps answers ready for whoever asks next.

Apart from the services, so that a page server says it without loading the engines.
"""

import threading

ANSWERS_AHEAD = threading.Event()
