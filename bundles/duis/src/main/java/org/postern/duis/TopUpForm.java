package org.postern.duis;

import java.util.Map;
import java.util.Objects;
import org.postern.catalogue.Eui64;

/**
 * A top-up as a supplier's system submits it, before the token (UTRN) and thus the request exist:
 *
 * <pre>
 * {"service": "2.2", "device": "00-DB-12-34-56-78-90-A0", "role": "IS", "topUp": {"pence": 1250}}
 * </pre>
 *
 * @param device the meter
 * @param role User Role, or the User ID of the request
 * @param amount the only member of {@code topUp} and its value as it was written: {@code pence} and {@code pounds} are
 *     whole numbers, {@code amount} is pounds and pence such as 12.50
 */
public record TopUpForm(Eui64 device, String role, Map.Entry<String, String> amount) {

    public TopUpForm {
        Objects.requireNonNull(device, "device");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(amount, "amount");
    }
}
