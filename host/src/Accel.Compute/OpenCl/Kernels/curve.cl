/* Points of a short Weierstrass curve with a = 0 and odd order as (X, Y, ZZ, ZZZ): x = X/ZZ, y = Y/ZZZ, ZZ^3 = ZZZ^2 (EFD "xyzz");
   infinity has ZZ = 0. Every addition is right for equal and opposite points and for infinity. */

typedef struct { element x, y; } affine;
typedef struct { element x, y, zz, zzz; } xyzz;

static inline xyzz point_infinity(void) {
  xyzz point;
  point.x = point.y = point.zz = point.zzz = field_zero();
  return point;
}

static inline xyzz point_from_affine(affine a) {
  xyzz point;
  point.x = a.x;
  point.y = a.y;
  point.zz = point.zzz = field_one();
  return point;
}

/* dbl-2008-s-1. The order is odd, so y = 0 does not occur; at infinity ZZ stays 0. */
static inline xyzz point_double(xyzz a) {
  element u = field_add(a.y, a.y);
  element v = field_square(u);
  element w = field_multiply(u, v);
  element s = field_multiply(a.x, v);
  element xx = field_square(a.x);
  element m = field_add(field_add(xx, xx), xx);
  xyzz sum;
  sum.x = field_subtract(field_square(m), field_add(s, s));
  sum.y = field_subtract(field_multiply(m, field_subtract(s, sum.x)), field_multiply(w, a.y));
  sum.zz = field_multiply(v, a.zz);
  sum.zzz = field_multiply(w, a.zzz);
  return sum;
}

/* madd-2008-s; b is not infinity. */
static inline xyzz point_add_affine(xyzz a, affine b) {
  if (field_is_zero(a.zz)) return point_from_affine(b);
  element p = field_subtract(field_multiply(b.x, a.zz), a.x);
  element r = field_subtract(field_multiply(b.y, a.zzz), a.y);
  if (field_is_zero(p)) return field_is_zero(r) ? point_double(a) : point_infinity();
  element pp = field_square(p);
  element ppp = field_multiply(p, pp);
  element q = field_multiply(a.x, pp);
  xyzz sum;
  sum.x = field_subtract(field_subtract(field_square(r), ppp), field_add(q, q));
  sum.y = field_subtract(field_multiply(r, field_subtract(q, sum.x)), field_multiply(a.y, ppp));
  sum.zz = field_multiply(a.zz, pp);
  sum.zzz = field_multiply(a.zzz, ppp);
  return sum;
}

/* add-2008-s. */
static inline xyzz point_add(xyzz a, xyzz b) {
  if (field_is_zero(a.zz)) return b;
  if (field_is_zero(b.zz)) return a;
  element u = field_multiply(a.x, b.zz);
  element p = field_subtract(field_multiply(b.x, a.zz), u);
  element s = field_multiply(a.y, b.zzz);
  element r = field_subtract(field_multiply(b.y, a.zzz), s);
  if (field_is_zero(p)) return field_is_zero(r) ? point_double(a) : point_infinity();
  element pp = field_square(p);
  element ppp = field_multiply(p, pp);
  element q = field_multiply(u, pp);
  xyzz sum;
  sum.x = field_subtract(field_subtract(field_square(r), ppp), field_add(q, q));
  sum.y = field_subtract(field_multiply(r, field_subtract(q, sum.x)), field_multiply(s, ppp));
  sum.zz = field_multiply(field_multiply(a.zz, b.zz), pp);
  sum.zzz = field_multiply(field_multiply(a.zzz, b.zzz), ppp);
  return sum;
}

static inline xyzz point_reduce(xyzz a) {
  a.x = field_reduce(a.x);
  a.y = field_reduce(a.y);
  a.zz = field_reduce(a.zz);
  a.zzz = field_reduce(a.zzz);
  return a;
}
