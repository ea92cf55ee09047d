r"""The two-loop functions of O1 and O2 with a massive quark, calculated by numerical integration.

Only the difference to a massless quark is calculated; the massless functions are closed forms (arXiv:hep-ph/0403185, in
``two_loop.py``). In the difference every divergence of hep-ph/0109140 cancels but one, see ``triangle``. Three gauge-invariant
parts:

* ``bubble``: the photon couples to the external quarks, the charm loop is a one-loop vacuum polarisation of the gluon;
* ``triangle``: the photon couples to the charm loop, which exchanges a gluon with an external quark;
* ``polarisation``: the gluon stays within the charm loop.

``numerators`` does the Dirac algebra and ``assembly`` the sum. Nothing of it is needed to run fitlq, which reads the table that
``make_two_loop_table.py`` writes with it.

Normalisation: the sum of the diagrams with one insertion of O2 is a vertex

.. math:: V_\mu = -\frac{\alpha_s}{4\pi} \left[ F^{(9)} (q^2 \gamma_\mu - q_\mu \slashed{q}) P_L
    - 2 m_b F^{(7)} i \sigma_{\mu\nu} q^\nu P_R \right],

in units where the one-loop charm loop gives :math:`h(\hat s, z) (q^2 \gamma_\mu - q_\mu \slashed{q}) P_L`. Masses are in units
of m_b: :math:`s = q^2/m_b^2`, :math:`z = m_c^2/m_b^2`, and :math:`z - i0` is understood.
"""
