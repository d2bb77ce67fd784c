package org.postern.catalogue;

/** Device types of the DUIS schema. */
public enum DeviceType {
    /** Electricity meter. */
    ESME,
    /** Gas meter. */
    GSME,
    /** Gas proxy function. */
    GPF,
    /** Communications hub function. */
    CHF,
    /** HAN connected auxiliary load control switch. */
    HCALCS,
    /** Prepayment interface device. */
    PPMID,
    /** In-home display. */
    IHD,
    /** Consumer access device. */
    CAD
}
