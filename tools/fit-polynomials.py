"""Finds the polynomials of ScalarMath and VectorMath.

Minimax fits by Lawson-weighted least squares at 40 digits; coefficients are rounded to float lowest degree first and
the rest is fitted again after each. Prints the error of the ideal and of the rounded polynomial in units of 2^-24, then
the coefficients as hexadecimal floats. Needs Python with numpy and mpmath.
"""
import mpmath as mp
import numpy as np
mp.mp.dps=40
def nodes(a,b,N=800): return [(a+b)/2-(b-a)/2*mp.cos(mp.pi*(2*i+1)/(2*N)) for i in range(N)]
def lawson(A,y,it=300):
    u=np.full(len(y),1/len(y)); best=None
    for _ in range(it):
        s=np.sqrt(u)
        c,*_=np.linalg.lstsq(A*s[:,None],y*s,rcond=None)
        e=np.abs(y-A@c); m=e.max()
        if best is None or m<best[1]: best=(c,m)
        u=u*e; u/=u.sum()
    return best
def fit(g,w,a,b,d,fix={}):
    xs=nodes(a,b); X=np.array([float(x) for x in xs]); W=np.array([float(w(x)) for x in xs]); G=np.array([float(g(x)) for x in xs])
    V=np.vander(X,d+1,increasing=True)
    c,m=lawson(V*W[:,None],G*W); print(' ideal',m*2**24)
    fixed=dict(fix); 
    for k in range(d+1):
        if k in fixed: continue
        free=[j for j in range(k,d+1) if j not in fixed]
        y=G-sum(fixed[j]*V[:,j] for j in fixed) if fixed else G
        c,m=lawson(V[:,free]*W[:,None],y*W)
        fixed[k]=float(np.float32(c[0]))
    e=W*(G-sum(fixed[j]*V[:,j] for j in fixed))
    print(' rounded',np.abs(e).max()*2**24,[fixed[j].hex().replace('0000000p','p') for j in sorted(fixed)])
L=mp.log(2)/2
ge=lambda x:(mp.expm1(x)-x)/x**2
gl=lambda x:(mp.log1p(x)-x)/x**2
for d in (4,5):
    print('exp',d); fit(ge,lambda x:x**2/mp.exp(x),-L*mp.mpf('1.0005'),L*mp.mpf('1.0005'),d)
    fit(ge,lambda x:x**2/mp.exp(x),-L*mp.mpf('1.0005'),L*mp.mpf('1.0005'),d,{0:.5})
for lo in (mp.sqrt(.5),mp.mpf(2)/3):
  for d in (7,8):
    print('log',float(lo),d); fit(gl,lambda x:x**2/abs(mp.log1p(x)),lo-1,2*lo-1,d)
    fit(gl,lambda x:x**2/abs(mp.log1p(x)),lo-1,2*lo-1,d,{0:-.5})
