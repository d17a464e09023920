"""Writes the arrays beside it: python3 make.py (numpy 2.4.6, Python 3.11).

x-TYPE.npy and fortran.npy hold the rows (0, 1, 2), (3, 4, 5); features.npy, labels.npy, data.npz and stored.npz hold 12
rows of 2 features, and the classes a, b and ü.
"""
import numpy as np

rows = np.arange(6).reshape(2, 3)
for kind in ("<f2", "<f4", "<f8", ">f2", ">f4", ">f8", "i1", "<i2", "<i4", "<i8", ">i2", ">i4", ">i8",
             "u1", "<u2", "<u4", "<u8", ">u2", ">u4", ">u8"):
    name = kind.replace("<", "little-").replace(">", "big-")
    np.save(f"x-{name}.npy", rows.astype(kind))
np.save("bool.npy", rows % 2 == 1)
np.save("fortran.npy", np.asfortranarray(rows.astype("<f4")))
np.save("line.npy", np.arange(4.0))
cube = np.arange(24, dtype="<i2").reshape(2, 3, 4)
np.save("cube.npy", cube)
np.save("cube-fortran.npy", np.asfortranarray(cube))
for version in ((2, 0), (3, 0)):
    with open(f"version-{version[0]}.npy", "wb") as file:
        np.lib.format.write_array(file, rows.astype("<f4"), version)
np.save("object.npy", np.array([1, "a"], dtype=object))
np.save("structured.npy", np.zeros(2, dtype=[("a", "<f4"), ("b", "<i4")]))
np.save("complex.npy", rows.astype("<c8"))
np.save("bytes.npy", np.array([b"a", b"b"]))
np.save("empty.npy", np.zeros((0, 3), dtype="<f4"))
np.save("scalar.npy", np.float32(1))
features = np.arange(24, dtype="<f8").reshape(12, 2) / 8
labels = np.array(["a", "b", "ü"] * 4)
np.save("features.npy", features)
np.save("labels.npy", labels)
np.savez("stored.npz", X=features, y=labels)
np.savez_compressed("data.npz", x_train=features, y_train=np.arange(12) % 3,
                    x_test=np.asfortranarray(features), y_test=np.arange(12.0)[:, None] % 3)
