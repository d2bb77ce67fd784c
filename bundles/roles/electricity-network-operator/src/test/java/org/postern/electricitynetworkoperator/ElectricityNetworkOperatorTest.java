package org.postern.electricitynetworkoperator;

import java.util.Map;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.UserRole;
import org.postern.rolecontract.RoleContract;
import org.postern.servicerequests.RoleBundle;

class ElectricityNetworkOperatorTest extends RoleContract {

    ElectricityNetworkOperatorTest() {
        super(UserRole.ED, "electricity-network-operator", 38, "6.5");
    }

    @Override
    protected RoleBundle create(ServiceCatalogue catalogue, Map<String, Object> settings) {
        return new ElectricityNetworkOperator(catalogue, settings);
    }

    @Override
    protected Class<?> settings() {
        return ElectricityNetworkOperator.Settings.class;
    }

    @Override
    protected boolean topsUp() {
        return false;
    }
}
