package command

// Request codes (Java: RequestCode).

// Data path.
const (
	CodeSendMessage              int32 = 10
	CodePullMessage              int32 = 11
	CodeQueryMessage             int32 = 12
	CodeQueryBrokerOffset        int32 = 13
	CodeQueryConsumerOffset      int32 = 14
	CodeUpdateConsumerOffset     int32 = 15
	CodeSearchOffsetByTimestamp  int32 = 29
	CodeGetMaxOffset             int32 = 30
	CodeGetMinOffset             int32 = 31
	CodeGetEarliestMsgStoreTime  int32 = 32
	CodeViewMessageByID          int32 = 33
	CodeHeartBeat                int32 = 34
	CodeUnregisterClient         int32 = 35
	CodeConsumerSendMsgBack      int32 = 36
	CodeEndTransaction           int32 = 37
	CodeGetConsumerListByGroup   int32 = 38
	CodeLockBatchMQ              int32 = 41
	CodeUnlockBatchMQ            int32 = 42
	CodeCheckClientConfig        int32 = 46
	CodeSendMessageV2            int32 = 310
	CodeSendBatchMessage         int32 = 320
	CodeSendReplyMessage         int32 = 324
	CodeSendReplyMessageV2       int32 = 325
	CodeLitePullMessage          int32 = 361
	CodeRecallMessage            int32 = 370
	CodeQueryAssignment          int32 = 400
	CodeSetMessageRequestMode    int32 = 401
	CodeGetAllMessageRequestMode int32 = 402
)

// POP. They do not fit the 16 bits of the binary header.
const (
	CodePopMessage                 int32 = 200050
	CodeAckMessage                 int32 = 200051
	CodePeekMessage                int32 = 200052
	CodeChangeMessageInvisibleTime int32 = 200053
	CodeNotification               int32 = 200054
	CodePollingInfo                int32 = 200055
	CodePopRollback                int32 = 200056
	CodeBatchAckMessage            int32 = 200151
)

// From a broker to its clients; 307 and 309 also from a tool to a broker, which relays them.
const (
	CodeCheckTransactionState       int32 = 39
	CodeNotifyConsumerIDsChanged    int32 = 40
	CodeResetConsumerClientOffset   int32 = 220
	CodeGetConsumerStatusFromClient int32 = 221
	CodeGetConsumerRunningInfo      int32 = 307
	CodeConsumeMessageDirectly      int32 = 309
	CodePushReplyMessageToClient    int32 = 326
)

// Name server.
const (
	CodePutKVConfig                   int32 = 100
	CodeGetKVConfig                   int32 = 101
	CodeDeleteKVConfig                int32 = 102
	CodeRegisterBroker                int32 = 103
	CodeUnregisterBroker              int32 = 104
	CodeGetRouteInfoByTopic           int32 = 105
	CodeGetBrokerClusterInfo          int32 = 106
	CodeWipeWritePermOfBroker         int32 = 205
	CodeGetAllTopicListFromNameServer int32 = 206
	CodeDeleteTopicInNamesrv          int32 = 216
	CodeRegisterTopicInNamesrv        int32 = 217
	CodeGetKVListByNamespace          int32 = 219
	CodeGetTopicsByCluster            int32 = 224
	CodeGetSystemTopicListFromNS      int32 = 304
	CodeGetUnitTopicList              int32 = 311
	CodeGetHasUnitSubTopicList        int32 = 312
	CodeGetHasUnitSubUnUnitTopicList  int32 = 313
	CodeUpdateNamesrvConfig           int32 = 318
	CodeGetNamesrvConfig              int32 = 319
	CodeQueryDataVersion              int32 = 322
	CodeAddWritePermOfBroker          int32 = 327
	CodeGetBrokerMemberGroup          int32 = 901
	CodeBrokerHeartbeat               int32 = 904
)

// Controller.
const (
	CodeControllerAlterSyncStateSet int32 = 1001
	CodeControllerElectMaster       int32 = 1002
	CodeControllerRegisterBroker    int32 = 1003
	CodeControllerGetReplicaInfo    int32 = 1004
	CodeControllerGetMetadataInfo   int32 = 1005
	CodeControllerGetSyncStateData  int32 = 1006
	CodeUpdateControllerConfig      int32 = 1009
	CodeGetControllerConfig         int32 = 1010
	CodeCleanBrokerData             int32 = 1011
	CodeControllerGetNextBrokerID   int32 = 1012
	CodeControllerApplyBrokerID     int32 = 1013
)

// Users and access rules.
const (
	CodeAuthCreateUser int32 = 3001
	CodeAuthUpdateUser int32 = 3002
	CodeAuthDeleteUser int32 = 3003
	CodeAuthGetUser    int32 = 3004
	CodeAuthListUser   int32 = 3005
	CodeAuthCreateACL  int32 = 3006
	CodeAuthUpdateACL  int32 = 3007
	CodeAuthDeleteACL  int32 = 3008
	CodeAuthGetACL     int32 = 3009
	CodeAuthListACL    int32 = 3010
)

// Administration of a broker.
const (
	CodeUpdateAndCreateTopic                 int32 = 17
	CodeUpdateAndCreateTopicList             int32 = 18
	CodeGetAllTopicConfig                    int32 = 21
	CodeGetTopicConfigList                   int32 = 22
	CodeGetTopicNameList                     int32 = 23
	CodeUpdateBrokerConfig                   int32 = 25
	CodeGetBrokerConfig                      int32 = 26
	CodeTriggerDeleteFiles                   int32 = 27
	CodeGetBrokerRuntimeInfo                 int32 = 28
	CodeGetAllConsumerOffset                 int32 = 43
	CodeGetAllDelayOffset                    int32 = 45
	CodeGetClientConfig                      int32 = 47
	CodeGetTimerCheckPoint                   int32 = 60
	CodeGetTimerMetrics                      int32 = 61
	CodeUpdateAndCreateSubscriptionGroup     int32 = 200
	CodeGetAllSubscriptionGroupConfig        int32 = 201
	CodeGetTopicStatsInfo                    int32 = 202
	CodeGetConsumerConnectionList            int32 = 203
	CodeGetProducerConnectionList            int32 = 204
	CodeDeleteSubscriptionGroup              int32 = 207
	CodeGetConsumeStats                      int32 = 208
	CodeSuspendConsumer                      int32 = 209
	CodeResumeConsumer                       int32 = 210
	CodeResetConsumerOffsetInConsumer        int32 = 211
	CodeResetConsumerOffsetInBroker          int32 = 212
	CodeAdjustConsumerThreadPool             int32 = 213
	CodeWhoConsumeTheMessage                 int32 = 214
	CodeDeleteTopicInBroker                  int32 = 215
	CodeInvokeBrokerToResetOffset            int32 = 222
	CodeInvokeBrokerToGetConsumerStatus      int32 = 223
	CodeUpdateAndCreateSubscriptionGroupList int32 = 225
	CodeQueryTopicConsumeByWho               int32 = 300
	CodeRegisterFilterServer                 int32 = 301
	CodeRegisterMessageFilterClass           int32 = 302
	CodeQueryConsumeTimeSpan                 int32 = 303
	CodeGetSystemTopicListFromBroker         int32 = 305
	CodeCleanExpiredConsumeQueue             int32 = 306
	CodeQueryCorrectionOffset                int32 = 308
	CodeCloneGroupOffset                     int32 = 314
	CodeViewBrokerStatsData                  int32 = 315
	CodeCleanUnusedTopic                     int32 = 316
	CodeGetBrokerConsumeStats                int32 = 317
	CodeQueryConsumeQueue                    int32 = 321
	CodeResumeCheckHalfMessage               int32 = 323
	CodeGetAllProducerInfo                   int32 = 328
	CodeDeleteExpiredCommitLog               int32 = 329
	CodeQueryTopicsByConsumer                int32 = 343
	CodeQuerySubscriptionByConsumer          int32 = 345
	CodeGetTopicConfig                       int32 = 351
	CodeGetSubscriptionGroupConfig           int32 = 352
	CodeUpdateAndGetGroupForbidden           int32 = 353
	CodeCheckRocksDBCQWriteProgress          int32 = 354
	CodeExportRocksDBConfigToJSON            int32 = 355
	CodeUpdateAndCreateStaticTopic           int32 = 513
	CodeAddBroker                            int32 = 902
	CodeRemoveBroker                         int32 = 903
	CodeNotifyMinBrokerIDChange              int32 = 905
	CodeExchangeBrokerHAInfo                 int32 = 906
	CodeGetBrokerHAStatus                    int32 = 907
	CodeResetMasterFlushOffset               int32 = 908
	CodeGetBrokerEpochCache                  int32 = 1007
	CodeNotifyBrokerRoleChanged              int32 = 1008
	CodeUpdateColdDataFlowCtrConfig          int32 = 2001
	CodeRemoveColdDataFlowCtrConfig          int32 = 2002
	CodeGetColdDataFlowCtrInfo               int32 = 2003
	CodeSetCommitLogReadMode                 int32 = 2004
	CodeSwitchTimerEngine                    int32 = 5001
)
