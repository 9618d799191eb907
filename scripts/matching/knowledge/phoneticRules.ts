/**
 * A sound key for names, French rules first. After FONEM (Bouchard, Brard and Lavoie 1981) and the endings it leaves out:
 * `-ault`, `-aud`, `-eaux` and `-ot` sound alike, as do `ph` and `f`, `ain` and `in`. A rule is `text → sound`, with `^` and `$`
 * for the ends of a word, `(abc)` for one of these letters before or after that is not used up. At each place the first rule
 * that fits wins, so longer ones stand before shorter ones. Key letters: consonants as read in French (`j` soft g, `x` for ch).
 */
export const SOUND_RULES = `
^mac(bcdfghklmnpqrst) mak
^mc mak
^sch x
^hi i
^ex(aeiou) egz
^pf f
^ps s
^wr r
^kn n
^gu(ei) g
ebure$ evr
febvre$ fevr
febvr fevr
eaux$ o
eaulx$ o
eault$ o
eaud$ o
eaut$ o
eau o
aulx$ o
ault$ o
auld$ o
auds$ o
auts$ o
haut$ o
aud$ o
aut$ o
aux$ o
aus$ o
au o
ots$ o
oth$ o
ost$ o
otte$ ot
ot$ o
op$ o
ault o
ould$ u
oult$ u
oux$ u
oud$ u
out$ u
ous$ u
ou u
oo u
oeu e
oin oin
oing$ oin
oint$ oin
oins$ oin
ois$ oi
oix$ oi
oit$ oi
oy oi
oey e
oe o
eux$ e
eut$ e
eu e
aine ene
aime eme
eine ene
ayne ene
eyne ene
ains$ in
aint$ in
aing$ in
ain(bcdfgjklpqrstvxz) in
ain$ in
aim(bp) in
aim$ in
ein(bcdfgjklpqrstvxz) in
ein$ in
eins$ in
ayn$ in
eyn$ in
ym(bp) in
yn(bcdfgjklpqrstvxz) in
yn$ in
im(bp) in
ienne ien
ien$ iin
iens$ iin
yen$ iin
ians$ ian
iant$ ian
iand$ ian
ents$ an
ent$ an
end$ an
ants$ an
ant$ an
ands$ an
and$ an
anc$ an
ang$ an
amps$ an
amp$ an
ans$ an
emps$ an
em(bp) an
en(bcdfgjklpqrstvxz) an
am(bp) an
on(td)$ on
onts$ on
ont$ on
onds$ on
ond$ on
ong$ on
ons$ on
om(bp) on
um(bp) un
un un
ouil ui
euil ei
eill ei
eil ei
ail(aeiouy) ai
aille ai
ail$ ai
illa ia
ille il
ets$ e
ette et
et$ e
est$ e
ect$ e
aistre etr
ait$ e
ais$ e
aix$ e
aitz$ e
ays$ e
ayes$ e
aye$ e
ay e
eys$ e
ey e
ai e
ei e
eez$ e
ee e
aer ar
ael al
ae a
ue(lhrbtdnm) u
(q)ue e
qu k
(g)uy i
gue(bcdfghjklmnpqrstvxz) ge
gue$ g
gui gi
guy gi
geo jo
gea ja
geau jo
gn n
gh g
g(eiy) j
g$ g
cqu k
cq k
ck k
cch k
chr kr
chl kl
cht$ xt
cks$ ks
ch x
sch x
sh x
tsch x
tch x
cz k
c(eiy) s
cc(eiy) ks
c k
q k
dh d
th t
rh r
lh l
ph f
pp p
tz$ s
tz s
ts$ s
zz z
(aeiouy)s(aeiouy) z
sc(eiy) s
ss s
(e)s(nlm) 
dt$ 
(n)d$ 
(n)t$ 
(r)ds$ 
(r)ts$ 
(r)d$ 
(r)t$ 
(aeiuy)ds$ 
(aeiuy)ts$ 
(aeiuy)d$ 
(aeiuy)t$ 
(aeiouylnrtkgv)es$ 
ez$ e
(aeiouyrlmnkg)s$ 
(aeiouy)x$ 
(aeiouylnrkg)z$ 
(r)p$ 
x$ 
x ks
wh v
w v
ij i
yi i
y i
h 
e$ 
`;
