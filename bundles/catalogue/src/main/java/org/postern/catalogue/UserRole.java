package org.postern.catalogue;

/** User Roles of DUIS 5.4. A User has one User ID (EUI-64) for each role it holds. */
public enum UserRole {
    /** Electricity import supplier. */
    IS,
    /** Electricity export supplier. */
    ES,
    /** Gas supplier. */
    GS,
    /** Registered supplier agent. */
    RSA,
    /** Electricity distributor (network operator). */
    ED,
    /** Gas transporter. */
    GT,
    /** Other user. */
    OU
}
