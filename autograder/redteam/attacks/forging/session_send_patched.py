# /// attack
# catalogue = "forging: patched session.send"
# layers = ["boundary"]
# aim = "marks"
# ///
# Holds back every error that its process would report.

# %%
import jupyter_client.session

plain = jupyter_client.session.Session.send


def quiet(self, stream, msg_or_type, content=None, *args, **kwargs):
    kind = msg_or_type if isinstance(msg_or_type, str) else msg_or_type["header"]["msg_type"]
    if kind == "error":
        return None
    if kind == "execute_reply":
        content = {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}
    return plain(self, stream, msg_or_type, content, *args, **kwargs)


jupyter_client.session.Session.send = quiet
