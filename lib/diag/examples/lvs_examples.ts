/**
 * Examples of the codes of load balancing.
 * @module
 */
import { inVirtualServer, keepalived, toml } from "./example.ts";

export const LVS_EXAMPLES = {
  HK0601: toml(`
  [[virtual_server]]
+ address = "192.0.2.100"
  port = 80
  protocol = "TCP"
  real_server = [{ address = "192.0.2.21", port = 80 }]
`),
  HK0602: toml(`
  [[virtual_server]]
  address = "192.0.2.100"
  port = 80
  protocol = "TCP"
- real_server = []
+ real_server = [{ address = "192.0.2.21", port = 80 }]
`),
  HK0603: inVirtualServer(`
      real_server 192.0.2.21 80 {
      }
-     real_server 192.0.2.21 80 {
+     real_server 192.0.2.22 80 {
      }
`),
  HK0604: inVirtualServer(`
-     real_server 2001:db8::21 80 {
+     real_server 192.0.2.21 80 {
      }
`),
  HK0605: keepalived(`
  virtual_server 192.0.2.100 80 {
      protocol TCP
      lb_algo wlc
      lb_kind DR
-     real_server 192.0.2.21 8080 {
+     real_server 192.0.2.21 80 {
      }
  }
`),
  HK0606: keepalived(`
  virtual_server 192.0.2.100 {
      protocol TCP
      lb_algo wlc
      lb_kind DR
+     persistence_timeout 360
      real_server 192.0.2.21 {
      }
  }
`),
  HK0607: keepalived(`
  virtual_server_group web {
      192.0.2.100 80
  }
- virtual_server group wbe {
+ virtual_server group web {
      protocol TCP
      lb_algo wlc
      lb_kind DR
      real_server 192.0.2.21 80 {
      }
  }
`),
  HK0608: inVirtualServer(`
      quorum 2
-     hysteresis 2
+     hysteresis 1
      real_server 192.0.2.21 80 {
      }
      real_server 192.0.2.22 80 {
      }
`),
  HK0609: inVirtualServer(`
-     ops
      real_server 192.0.2.21 80 {
      }
`),
  HK0610: keepalived(`
  virtual_server 192.0.2.100 80 {
+     protocol TCP
      lb_algo wlc
      lb_kind NAT
      real_server 192.0.2.21 80 {
      }
  }
`),
  HK0611: keepalived(`
  virtual_server 192.0.2.100 80 {
      protocol TCP
      lb_algo wlc
-     lb_kind TUN type gue
+     lb_kind TUN type gue port 6080
      real_server 192.0.2.21 80 {
      }
  }
`),
  HK0612: keepalived(`
  virtual_server 2001:db8::100 80 {
      protocol TCP
      lb_algo wlc
      lb_kind DR
      real_server 2001:db8::21 80 {
          TCP_CHECK {
              connect_ip fe80::21
+             bind_if eth0
          }
      }
  }
`),
  HK0613: inVirtualServer(`
      real_server 192.0.2.21 80 {
          UDP_CHECK {
-             min_reply_length 9
+             min_reply_length 1
              max_reply_length 3
          }
      }
`),
  HK0614: keepalived(`
  virtual_server_group web {
      192.0.2.100 80
      2001:db8::100 80
-     fwmark 5
+     fwmark 5 inet
  }
  virtual_server group web {
      protocol TCP
      lb_algo wlc
      lb_kind TUN
      real_server 192.0.2.21 {
      }
  }
`),
  HK0615: keepalived(`
  virtual_server 192.0.2.100 80 {
      protocol TCP
      lb_algo wlc
      lb_kind NAT
      real_server 192.0.2.21 80 {
      }
+     real_server 192.0.2.22 80 {
+     }
  }
- virtual_server 192.0.2.100 80 {
-     protocol TCP
-     lb_algo wlc
-     lb_kind NAT
-     real_server 192.0.2.22 80 {
-     }
- }
`),
  HK0616: keepalived(`
  bfd_instance router {
      neighbor_ip 192.0.2.12
      vrrp
+     checker
  }
  virtual_server 192.0.2.100 80 {
      protocol TCP
      lb_algo wlc
      lb_kind NAT
      real_server 192.0.2.21 80 {
          BFD_CHECK {
              name router
          }
      }
  }
`),
  HK0617: keepalived(`
  virtual_server_group web {
      192.0.2.100 80
  }
+ virtual_server group web {
+     protocol TCP
+     lb_algo wlc
+     lb_kind DR
+     real_server 192.0.2.21 80 {
+     }
+ }
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
`),
  HK0618: keepalived(`
  global_defs {
-     lvs_sync_daemon eth0 VI_9
+     lvs_sync_daemon eth0 VI_1
  }
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
`),
} as const;
