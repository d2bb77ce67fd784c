package org.postern.servicerequests.internal.reading;

import java.util.function.Function;
import java.util.function.Supplier;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisRequest;
import org.postern.duis.JsonRequests;
import org.postern.duis.RequestForm;
import org.postern.duis.TopUpForm;
import org.postern.servicerequests.Submission;
import org.postern.servicerequests.UserRoleProfile;
import org.postern.servicerequests.UserRoles;

/**
 * Reads a submission of a supplier-facing interface once: DUIS XML, JSON with service, device, role and body, or a
 * top-up in JSON.
 */
public final class SubmissionReader implements RequestReader {

    private final DuisReader xml;
    private final JsonRequests json;
    private final UserRoles roles;
    private final Eui64 accessControlBroker;

    public SubmissionReader(ServiceCatalogue catalogue, UserRoles roles, Eui64 accessControlBroker, DuisLimits limits) {
        this.xml = new DuisReader(limits);
        this.json = new JsonRequests(catalogue, limits);
        this.roles = roles;
        this.accessControlBroker = accessControlBroker;
    }

    @Override
    public DuisRequest read(Submission.Format format, byte[] bytes) {
        return format == Submission.Format.XML ? xml.readRequest(bytes) : request(json.read(bytes));
    }

    /**
     * Reads a submission, which is either a request or an order for a top-up.
     *
     * @param request called for a request
     * @param topUp called for an order for a top-up; its form is read, and may throw, when it is requested
     * @throws PosternException naming the element or member at fault
     */
    public <R> R read(Submission submission, Function<DuisRequest, R> request, Function<Supplier<TopUpForm>, R> topUp) {
        return submission.format() == Submission.Format.XML
                ? request.apply(xml.readRequest(submission.bytes()))
                : json.read(submission.bytes(), form -> request.apply(request(form)), topUp);
    }

    /**
     * Reads an order for a top-up.
     *
     * @throws PosternException PST-1041 for anything else
     */
    public TopUpForm readTopUp(byte[] bytes) {
        return json.readTopUp(bytes);
    }

    private DuisRequest request(RequestForm form) {
        UserRoleProfile role = roles.active(form.role())
                .orElseThrow(() -> new PosternException(roles.absence()
                        .fault(
                                "role",
                                "a User Role that is active here",
                                "role " + form.role() + " is not active",
                                "install and configure the bundle of the role")));
        // the counter is allocated at admission; this value is never sent
        return form.toRequest(role.userId(), accessControlBroker, 1);
    }
}
