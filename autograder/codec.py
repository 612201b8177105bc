"""Interim codec."""
from __future__ import annotations
import struct, sys
from dataclasses import dataclass
import numpy as np
class EncodeError(ValueError): ...
class DecodeError(ValueError): ...
@dataclass
class Opaque:
    id: int
    type_name: str
@dataclass
class Callback:
    id: int
@dataclass
class Fault:
    type_name: str; message: str; lineno: int | None; traceback_text: str; kind: str
def encode(v, *, opaque=None):
    out=[]; _e(v,out,opaque); return b"".join(out)
def _b(t,b): return t+struct.pack(">Q",len(b))+b
def _e(v,o,q):
    t=type(v)
    if v is None: o.append(b"N")
    elif t is bool: o.append(b"T" if v else b"F")
    elif t is int: o.append(_b(b"i",str(v).encode()))
    elif t is float: o.append(b"f"+struct.pack(">d",v))
    elif t is str: o.append(_b(b"s",v.encode("utf8","surrogatepass")))
    elif t is bytes: o.append(_b(b"b",v))
    elif t in (list,tuple):
        o.append((b"l" if t is list else b"t")+struct.pack(">Q",len(v)))
        for x in v: _e(x,o,q)
    elif t is dict:
        o.append(b"d"+struct.pack(">Q",len(v)))
        for k,x in v.items(): _e(k,o,q); _e(x,o,q)
    elif t is np.ndarray and v.dtype.kind in "biufcUS":
        o.append(b"a"); _e(v.dtype.str,o,q); _e(list(v.shape),o,q); _e(v.tobytes(),o,q)
    elif isinstance(v,np.generic) and t.__module__=="numpy" and v.dtype.kind in "biufc":
        o.append(b"g"); _e(np.asarray(v),o,q)
    elif "torch" in sys.modules and t is sys.modules["torch"].Tensor:
        o.append(b"z"); _e(v.detach().cpu().numpy(),o,q)
    elif t is Opaque: o.append(b"o"); _e(v.id,o,q); _e(v.type_name,o,q)
    elif t is Callback: o.append(b"c"); _e(v.id,o,q)
    elif t is Fault:
        o.append(b"x"); _e([v.type_name,v.message,v.lineno,v.traceback_text,v.kind],o,q)
    elif q is not None: _e(q(v),o,None)
    else: raise EncodeError(str(t))
def decode(b):
    try:
        v,i=_d(b,0)
    except DecodeError: raise
    except Exception as e: raise DecodeError(str(e))
    return v
def _d(b,i):
    t=b[i:i+1]; i+=1
    if t==b"N": return None,i
    if t==b"T": return True,i
    if t==b"F": return False,i
    if t==b"f": return struct.unpack(">d",b[i:i+8])[0],i+8
    if t in b"isb":
        n=struct.unpack(">Q",b[i:i+8])[0]; i+=8; s=b[i:i+n]; i+=n
        return (int(s) if t==b"i" else s.decode("utf8","surrogatepass") if t==b"s" else bytes(s)),i
    if t in b"lt":
        n=struct.unpack(">Q",b[i:i+8])[0]; i+=8; r=[]
        for _ in range(n): x,i=_d(b,i); r.append(x)
        return (r if t==b"l" else tuple(r)),i
    if t==b"d":
        n=struct.unpack(">Q",b[i:i+8])[0]; i+=8; r={}
        for _ in range(n): k,i=_d(b,i); x,i=_d(b,i); r[k]=x
        return r,i
    if t==b"a":
        dt,i=_d(b,i); sh,i=_d(b,i); d,i=_d(b,i)
        return np.frombuffer(d,dtype=dt).reshape(sh).copy(),i
    if t==b"g": a,i=_d(b,i); return a[()],i
    if t==b"z":
        import torch
        a,i=_d(b,i); return torch.from_numpy(a),i
    if t==b"o": n,i=_d(b,i); s,i=_d(b,i); return Opaque(n,s),i
    if t==b"c": n,i=_d(b,i); return Callback(n),i
    if t==b"x": l,i=_d(b,i); return Fault(*l),i
    raise DecodeError("tag")
