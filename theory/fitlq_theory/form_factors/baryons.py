"""Form factors of Lambda_b -> Lambda, Lambda_c and Lambda(1520) in the helicity basis; masses in GeV, q2 in GeV^2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.form_factors.z_expansion import conformal_z, pole_factor

__all__ = ["baryon_series", "lambda1520_lattice_points", "lambda1520_quark_model", "linear_in_recoil"]

Real = NDArray[np.float64]
Coefficients = Mapping[str, float]


def baryon_series(parametrisation: Mapping[str, Any], coefficients: Coefficients, q2: Real) -> dict[str, Real]:
    r"""Simplified series :math:`F = (a_0 + a_1 z + a_2 z^2)/(1 - q^2/m^2)`, arXiv:1602.01399 eq. (34), arXiv:1503.01421 sec. VI.

    z has the threshold :math:`t_+` of the set (``t_plus_value``, or the squared pole mass of each form factor) and
    :math:`t_0 = (m_{in} - m_{out})^2`, so z = 0 at the end point, where perpendicular and longitudinal axial (and T5) form
    factors are equal: they share a_0.

    With ``higher_order`` in the parametrisation (the coefficients of the fit with a_2), the parameter ``systematic`` moves the
    result from the nominal fit (0) to that one (1): the part :math:`|O_{HO} - O|` of the systematic error that the authors
    define.

    Returns
    -------
    dict
        ``V_time``, ``V_long``, ``V_perp``, ``A_...``, ``T_long``, ``T_perp``, ``T5_...``.
    """
    t_minus = (parametrisation["m_in"] - parametrisation["m_out"]) ** 2
    at_the_poles = parametrisation["t_plus"] == "mpole^2"
    shared = parametrisation.get("shared_a0", {})
    higher = parametrisation.get("higher_order")

    def series(values: Coefficients, name: str) -> Real:
        t_plus = parametrisation["pole_masses"][name] ** 2 if at_the_poles else parametrisation["t_plus_value"]
        z = conformal_z(q2, t_plus, t_minus)
        first = values[f"a0_{shared.get(name, name)}"]
        return np.asarray(
            np.polynomial.polynomial.polyval(z, (first, values[f"a1_{name}"], values.get(f"a2_{name}", 0.0))), dtype=np.float64
        )

    form_factors = {}
    for name, pole_mass in parametrisation["pole_masses"].items():
        value = series(coefficients, name)
        if higher is not None:
            value = value + coefficients["systematic"] * (series(higher, name) - series(_central(parametrisation), name))
        form_factors[name] = value * pole_factor(q2, pole_mass)
    return form_factors


def _central(parametrisation: Mapping[str, Any]) -> Coefficients:
    central: Coefficients = parametrisation["nominal"]
    return central


_LAMBDA1520 = ("f0", "f+", "fperp", "fperp'", "g0", "g+", "gperp", "gperp'", "h+", "hperp", "hperp'", "ht+", "htperp", "htperp'")


def linear_in_recoil(parametrisation: Mapping[str, Any], coefficients: Coefficients, q2: Real) -> dict[str, Real]:
    """F + A (w - 1), arXiv:2009.09313, eq. (75); lattice results exist for q2 above 16 GeV^2 only."""
    m_in, m_out = parametrisation["m_in"], parametrisation["m_out"]
    recoil = ((m_in - m_out) ** 2 - q2) / (2 * m_in * m_out)
    return {name: coefficients[f"F {name}"] + coefficients[f"A {name}"] * recoil for name in _LAMBDA1520}


def lambda1520_lattice_points(parametrisation: Mapping[str, Any], coefficients: Coefficients, q2: Real) -> dict[str, Real]:
    r"""Straight lines in q2 through the lattice results of arXiv:2107.13140 at two momenta.

    Seven form factors are known at both momenta; for the others the second point is the end point :math:`q^2_{max}`, where
    angular
    momentum leaves only S waves (for negative parity of the final baryon, D = m_in - m_out, S = m_in + m_out):

    .. math:: f_\perp = -f_\perp',\; f_+ = 2 f_\perp' D/S,\; h_\perp = -h_\perp',\; h_+ = 2 h_\perp' S/D,\; g_0 = 0,\;
              g_+ = g_\perp - g_\perp',\; \tilde h_+ = \tilde h_\perp - \tilde h_\perp'.

    The last relation is used instead of the stored value of ht+, which misses it by 5 %, see docs/differences.md.
    """
    m_in, m_out = parametrisation["m_in"], parametrisation["m_out"]
    high, low = parametrisation["q2_high"], parametrisation["q2_low"]
    end, ratio = (m_in - m_out) ** 2, (m_in - m_out) / (m_in + m_out)

    def line(name: str, x: Any) -> Any:
        upper, lower = coefficients[f"{name} high"], coefficients[f"{name} low"]
        return upper + (upper - lower) * (x - high) / (high - low)

    def to_end(name: str, value: float) -> Any:
        upper = coefficients[f"{name} high"]
        return upper + (value - upper) * (q2 - high) / (end - high)

    found = {name: line(name, q2) for name in ("f0", "fperp'", "gperp", "gperp'", "hperp'", "htperp", "htperp'")}
    f_end, h_end = line("fperp'", end), line("hperp'", end)
    found["fperp"], found["f+"] = to_end("fperp", -f_end), to_end("f+", 2 * ratio * f_end)
    found["hperp"], found["h+"] = to_end("hperp", -h_end), to_end("h+", 2 / ratio * h_end)
    found["g0"], found["g+"] = to_end("g0", 0.0), to_end("g+", line("gperp", end) - line("gperp'", end))
    found["ht+"] = found["htperp"] - found["htperp'"]
    return found


def lambda1520_quark_model(parametrisation: Mapping[str, Any], coefficients: Coefficients, q2: Real) -> dict[str, Real]:
    r"""Quark model of arXiv:1108.6129 (its multi-component numerical fit), brought to the helicity basis.

    :math:`F = (a_0 + a_2 p^2 + a_4 p^4) \exp(-\frac{3 m_q^2 p^2}{2 \tilde m^2 \alpha^2})` with the momentum p of the final
    baryon in the
    rest frame of the initial one, for the coefficients F_i, G_i, H_i of v^alpha (F_1 gamma^mu + F_2 v^mu + F_3 v'^mu) + F_4
    g^{alpha mu}
    and so on. The parameters ``scale ...`` (1 with an error) stand for the error of the model.
    """
    mass, out = parametrisation["m_in"], parametrisation["m_out"]
    s_plus, s_minus = (mass + out) ** 2 - q2, (mass - out) ** 2 - q2
    momentum = s_plus * s_minus / (4 * mass**2)
    width = parametrisation["m_q"] ** 2 / (2 * (2 * parametrisation["m_q"] + parametrisation["m_s"]) ** 2)
    spread = 0.5 * (parametrisation["alpha_in"] ** 2 + parametrisation["alpha_out"] ** 2)
    damping = np.exp(-3 * width / spread * momentum)
    c = {
        name: np.polynomial.polynomial.polyval(momentum, values) * damping
        for name, values in parametrisation["polynomials"].items()
    }
    found = _from_vector(c, q2, mass, out) | _from_axial(c, q2, mass, out) | _from_tensor(c, q2, mass, out)
    return {name: coefficients[f"scale {name}"] * value for name, value in found.items()}


def _from_vector(c: Mapping[str, Real], q2: Real, mass: float, out: float) -> dict[str, Real]:
    s_plus, s_minus = (mass + out) ** 2 - q2, (mass - out) ** 2 - q2
    common = (c["F2"] * out + c["F3"] * mass) * s_plus * s_minus
    plus = common + 2 * out * mass * (c["F1"] * (mass + out) * s_minus + c["F4"] * mass * (mass**2 - out**2 - q2))
    time = -c["F2"] * out * (mass**2 - out**2 + q2) - c["F3"] * mass * (mass**2 - out**2 - q2)
    time = time - 2 * out * mass * (c["F1"] * (mass - out) + c["F4"] * mass)
    return {
        "f0": -s_plus * time / (2 * out**2 * (mass - out) * mass**2),
        "f+": plus / (2 * out**2 * mass**2 * (mass + out)),
        "fperp": c["F1"] * s_minus / (mass * out) - c["F4"],
        "fperp'": c["F4"],
    }


def _from_axial(c: Mapping[str, Real], q2: Real, mass: float, out: float) -> dict[str, Real]:
    s_plus, s_minus = (mass + out) ** 2 - q2, (mass - out) ** 2 - q2
    common = (c["G2"] * out + c["G3"] * mass) * s_plus * s_minus
    plus = common + 2 * out * mass * (c["G4"] * mass * (mass**2 - out**2 - q2) - c["G1"] * (mass - out) * s_plus)
    time = -c["G2"] * out * (mass**2 - out**2 + q2) - c["G3"] * mass * (mass**2 - out**2 - q2)
    time = time + 2 * out * mass * (c["G1"] * (mass + out) - c["G4"] * mass)
    return {
        "g0": s_minus * time / (2 * out**2 * (mass + out) * mass**2),
        "g+": -plus / (2 * out**2 * mass**2 * (mass - out)),
        "gperp": c["G1"] * s_plus / (mass * out) - c["G4"],
        "gperp'": c["G4"],
    }


def _from_tensor(c: Mapping[str, Real], q2: Real, mass: float, out: float) -> dict[str, Real]:
    s_plus, s_minus = (mass + out) ** 2 - q2, (mass - out) ** 2 - q2
    h1, h2, h3, h4, h5, h6 = (c[f"H{i}"] for i in range(1, 7))
    energy = mass**2 - out**2 + q2
    h_plus = ((h1 + h2 - h3 - h6) / mass + h4 * s_plus / (2 * out * mass**2)) * s_minus / out - 2 * (h5 + h6)
    inner = 2 * h5 * out - (h3 + h6) * out**2 / mass + h3 * (mass**2 - q2) / mass + 2 * h1 * out * (mass + out) / mass
    inner = inner + h2 * out * energy / mass**2
    h_perp = (inner * s_minus + 2 * (h5 + h6) * out**2 * (mass - out)) / (2 * out**2 * (mass + out))
    t_perp = (h2 * out + h3 * mass) * s_plus * s_minus + 2 * h5 * out * mass**2 * (out * mass + mass**2 - q2)
    t_perp = t_perp + out * mass * s_plus * (h6 * out + 2 * h1 * (mass - out))
    return {
        "h+": h_plus,
        "hperp": h_perp,
        "hperp'": (h5 * (out - mass) - h6 * energy / (2 * mass)) / (mass + out),
        "ht+": h1 * s_plus / (mass * out) + 2 * h5,
        "htperp": t_perp / (2 * out**2 * (mass - out) * mass**2),
        "htperp'": (h5 * (mass + out) + h6 * s_plus / (2 * mass)) / (mass - out),
    }
