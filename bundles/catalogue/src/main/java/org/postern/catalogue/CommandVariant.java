package org.postern.catalogue;

/** The eight Command Variants of DUIS that a User may send; 9 is internal to the DCC and refused on input. */
public enum CommandVariant {
    /** Non-critical request, sent to the device. */
    CV1(1, ServiceEndpoint.SEND_COMMAND),
    /** Non-critical request, command returned for local delivery. */
    CV2(2, ServiceEndpoint.NON_DEVICE),
    /** Non-critical request, both sent and returned. */
    CV3(3, ServiceEndpoint.SEND_COMMAND),
    /** Critical request, to be transformed into a Pre-Command. */
    CV4(4, ServiceEndpoint.TRANSFORM),
    /** Signed Pre-Command, sent to the device. */
    CV5(5, ServiceEndpoint.SEND_COMMAND),
    /** Signed Pre-Command, command returned for local delivery. */
    CV6(6, ServiceEndpoint.NON_DEVICE),
    /** Signed Pre-Command, both sent and returned. */
    CV7(7, ServiceEndpoint.SEND_COMMAND),
    /** Non-device request, executed by the DCC itself. */
    CV8(8, ServiceEndpoint.NON_DEVICE);

    private final int number;
    private final ServiceEndpoint endpoint;

    CommandVariant(int number, ServiceEndpoint endpoint) {
        this.number = number;
        this.endpoint = endpoint;
    }

    /** The number in DUIS, 1 to 8. */
    public int number() {
        return number;
    }

    /** The DCC web service for this variant. */
    public ServiceEndpoint endpoint() {
        return endpoint;
    }

    /** True for 5, 6 and 7, which contain a Signed Pre-Command. */
    public boolean carriesSignedPreCommand() {
        return number >= 5 && number <= 7;
    }

    /**
     * The variant with this number.
     *
     * @throws PosternException PST-1002 for any number outside 1 to 8
     */
    public static CommandVariant of(int number) {
        if (number < 1 || number > 8) {
            throw new PosternException(CatalogueFault.UNKNOWN_COMMAND_VARIANT.fault(
                    "Header/CommandVariant",
                    "1 to 8; 9 is internal to the DCC",
                    "command variant " + number,
                    "use the variant that the catalogue states for the service"));
        }
        return values()[number - 1];
    }
}
