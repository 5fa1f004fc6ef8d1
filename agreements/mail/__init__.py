"""Mail: what people are told becomes mails by their rhythm, and these go out over SMTP.

A decision writes notices in its own transaction (``agreements.notices``). ``collect`` composes
mails from those that wait, ``deliver`` sends them at least once, always with the same Message-ID
and the same content. ``forget`` drops the texts of those that were sent long ago. Nothing in a
mail decides anything: its links lead to the sign-in.
"""

from agreements.mail.collecting import collect
from agreements.mail.delivering import Delivered, deliver
from agreements.mail.forgetting import forget
from agreements.mail.operators import tell_operators

__all__ = ["Delivered", "collect", "deliver", "forget", "tell_operators"]
