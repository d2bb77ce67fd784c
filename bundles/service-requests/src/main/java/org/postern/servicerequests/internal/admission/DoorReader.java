package org.postern.servicerequests.internal.admission;

import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisRequest;
import org.postern.duis.JsonRequests;
import org.postern.duis.RequestForm;
import org.postern.servicerequests.ServiceRequestFault;
import org.postern.servicerequests.Submission;
import org.postern.servicerequests.UserRoleProfile;
import org.postern.servicerequests.UserRoles;

/** Reads what the doors hand in: DUIS XML, or JSON that names service, device, role and body. */
public final class DoorReader implements RequestReader {

    private final DuisReader xml;
    private final JsonRequests json;
    private final UserRoles roles;
    private final Eui64 accessControlBroker;

    public DoorReader(ServiceCatalogue catalogue, UserRoles roles, Eui64 accessControlBroker, DuisLimits limits) {
        this.xml = new DuisReader(limits);
        this.json = new JsonRequests(catalogue, limits);
        this.roles = roles;
        this.accessControlBroker = accessControlBroker;
    }

    @Override
    public DuisRequest read(Submission.Format format, byte[] bytes) {
        if (format == Submission.Format.XML) {
            return xml.readRequest(bytes);
        }
        RequestForm form = json.read(bytes);
        UserRoleProfile role = roles.active(form.role()).orElseThrow(() ->
                new PosternException(roles.absence().fault("role", "a User Role that is active here",
                        "role " + form.role() + " is not", "install and configure the bundle of the role")));
        // the counter is allocated at admission; this one is never sent
        return form.toRequest(role.userId(), accessControlBroker, 1);
    }
}
